// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/go_format.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>

using weir::dialects::go_format;

TEST_CASE("a whole number is written as Go's fmt does") {
    struct row {
        const char* format;
        std::int64_t number;
        const char* text;
    };
    const row rows[] = {
        {"%d", 5, "5"},
        {"%d", -5, "-5"},
        {"%v", 7, "7"},
        {"%5d|", 42, "   42|"},
        {"%-5d|", 42, "42   |"},
        {"%05d", 42, "00042"},
        {"%05d", -42, "-0042"},
        {"%+d", 42, "+42"},
        {"% d", 42, " 42"},
        {"%.4d", 42, "0042"},
        {"%8.4d|", 42, "    0042|"},
        {"%x", 255, "ff"},
        {"%X", 255, "FF"},
        {"%#x", 255, "0xff"},
        {"%#X", -255, "-0XFF"},
        {"%o", 8, "10"},
        {"%#o", 8, "010"},
        {"%O", 8, "0o10"},
        {"%b", 5, "101"},
        {"%#b", 5, "0b101"},
        {"%c", 65, "A"},
        {"%c", 0x20ac, "\xe2\x82\xac"},
        {"%q", 65, "'A'"},
        {"%q", 10, "'\\n'"},
        {"%U", 65, "U+0041"},
        {"100%%-%d", 3, "100%-3"},
        {"job", 0, "job%!(EXTRA int=0)"},
        {"%s", 5, "%!s(int=5)"},
        {"%d-%d", 5, "5-%!d(MISSING)"},
        {"%", 5, "%!(NOVERB)%!(EXTRA int=5)"},
        {"", 5, "%!(EXTRA int=5)"},
    };
    for (const row& r : rows) {
        INFO(r.format << " of " << r.number);
        CHECK(go_format(r.format, r.number) == r.text);
    }
    CHECK(go_format("%d", std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(go_format("%99999999999999999999d", 1).size() < 100);
    CHECK(go_format("%.99999999999999999999d", 1).size() < 100);
}
