// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/fence.hpp"
#include "tests/abi/table/world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

using namespace weir::abi::test;

namespace {

// Four billion times the same character, in a few pages.
class endless {
public:
    explicit endless(char of) {
        const int file = ::memfd_create("endless", MFD_CLOEXEC);
        REQUIRE(file >= 0);
        const std::string piece(piece_size, of);
        REQUIRE(::write(file, piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()));
        all_ = static_cast<char*>(
            ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        REQUIRE(all_ != MAP_FAILED);
        for (std::size_t at = 0; at < size; at += piece_size) {
            REQUIRE(::mmap(all_ + at, piece_size, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) ==
                    all_ + at);
        }
        ::close(file);
    }
    ~endless() { ::munmap(all_, size); }
    endless(const endless&) = delete;
    endless& operator=(const endless&) = delete;

    [[nodiscard]] const char* bytes() const { return all_; }

private:
    static constexpr std::size_t piece_size = std::size_t{4} << 20;
    static constexpr std::size_t size = std::size_t{4} << 30;

    char* all_;
};

void each_text(const std::function<void(const function&, std::size_t)>& with) {
    for (const function& f : all_functions()) {
        for (std::size_t i = 0; i < f.roles.size(); ++i) {
            if (is_text(f.roles[i])) {
                INFO(f.name << ", argument " << i + 1 << ": " << f.roles[i]);
                with(f, i);
            }
        }
    }
}

// What a function says to bytes that are no text.
weir_status refusal(std::string_view role) {
    return role == "document" || role == "strategy" ? WEIR_E_DOCUMENT
           : role == "known"                        ? WEIR_E_NOT_FOUND
                                                    : WEIR_E_NOT_UTF8;
}

}  // namespace

TEST_CASE("a text is read to its length and no further, and need not end in a zero") {
    each_text([](const function& f, std::size_t i) {
        world w;
        words arguments = w.good(f);
        const fence copy{reinterpret_cast<const void*>(arguments[i]), arguments[i + 1]};
        arguments[i] = as_word(copy.bytes());
        CHECK(f(arguments) == WEIR_OK);
    });
}

TEST_CASE("a text of no length is not looked at, wherever it points") {
    each_text([](const function& f, std::size_t i) {
        world w;
        words arguments = w.good(f);
        const fence nothing{0};
        arguments[i] = as_word(nothing.bytes());
        arguments[i + 1] = 0;
        (void)f(arguments);  // it is back
    });
}

TEST_CASE("a text as long as its length can say is refused, and so is one a byte too long") {
    const endless text{'a'};
    each_text([&](const function& f, std::size_t i) {
        for (const word length : {word{WEIR_TEXT_MAX} + 1, word{UINT32_MAX}}) {
            world w;
            words arguments = w.good(f);
            arguments[i] = as_word(text.bytes());
            arguments[i + 1] = length;
            CHECK(f(arguments) == WEIR_E_INVALID_ARGUMENT);
            CHECK(w.untouched());
        }
    });
    world w;
    words arguments = w.good(function_named("weir_plan_load"));
    arguments[1] = UINT64_MAX;
    CHECK(function_named("weir_plan_load")(arguments) == WEIR_E_INVALID_ARGUMENT);
}

TEST_CASE("what is not UTF-8, or has a zero in it, is refused") {
    const std::vector<std::string> bad{"\xff",
                                       "\x80",
                                       "a\xc3",
                                       "\xc0\x80",
                                       "\xe2\x82",
                                       "\xed\xa0\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xf4\x90\x80\x80",
                                       std::string{"a\0b", 3},
                                       std::string{"\0", 1}};
    each_text([&](const function& f, std::size_t i) {
        for (const std::string& text : bad) {
            world w;
            words arguments = w.good(f);
            const fence copy{text.data(), text.size()};
            arguments[i] = as_word(copy.bytes());
            arguments[i + 1] = text.size();
            CHECK(f(arguments) == refusal(f.roles[i]));
        }
    });
}

TEST_CASE("a text of a million characters, or nested a million deep, is a text") {
    const std::size_t much = 1'000'000;
    const std::string deep = std::string(much, '[') + std::string(much, ']');
    const std::string object = R"({"a":)" + deep + "}";
    each_text([&](const function& f, std::size_t i) {
        for (const std::string& text : {std::string(much, 'x'), deep, object}) {
            world w;
            words arguments = w.good(f);
            arguments[i] = as_word(text.data());
            arguments[i + 1] = text.size();
            const auto status = f(arguments);
            CHECK(status != WEIR_E_INTERNAL);
            CHECK(status != WEIR_E_NOT_UTF8);
        }
    });
}

TEST_CASE("texts in options are held to the same, and deep JSON costs no stack") {
    const std::size_t much = 1'000'000;
    const std::string deep = R"({"a":)" + std::string(much, '[') + std::string(much, ']') + "}";
    world w;
    weir_load_options load{};
    load.struct_size = sizeof load;
    load.variables = deep.data();
    load.variables_length = static_cast<uint32_t>(deep.size());
    weir_plan plan = 0;
    const auto loaded =
        weir_plan_load(a_document.data(), a_document.size(), &load, &plan, nullptr, nullptr);
    CHECK(loaded != WEIR_E_INTERNAL);
    if (loaded == WEIR_OK) {
        CHECK(weir_plan_release(plan) == WEIR_OK);
    }

    weir_run_options options{};
    options.struct_size = sizeof options;
    options.flags = WEIR_RUN_SIMULATE;
    options.simulation = deep.data();
    options.simulation_length = static_cast<uint32_t>(deep.size());
    weir_run run = 0;
    CHECK(weir_run_start(w.handle("runtime"), w.handle("plan"), w.handle("queue"), &options, &run,
                         nullptr) == WEIR_E_NOT_JSON);

    for (const std::string& bad : {std::string{"\xff"}, std::string{"a\0b", 3}}) {
        weir_scope_options named{};
        named.struct_size = sizeof named;
        named.name = bad.data();
        named.name_length = static_cast<uint32_t>(bad.size());
        weir_scope scope = 0;
        CHECK(weir_scope_open(w.handle("runtime"), w.handle("queue"), &named, &scope, nullptr) ==
              WEIR_E_NOT_UTF8);
        named.name = nullptr;
        CHECK(weir_scope_open(w.handle("runtime"), w.handle("queue"), &named, &scope, nullptr) ==
              WEIR_E_INVALID_ARGUMENT);
    }
}
