// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/go_format.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::dialects {

namespace {

struct verb {
    bool minus = false, plus = false, sharp = false, space = false, zero = false;
    std::optional<std::size_t> width, precision;
};

constexpr std::size_t most_width = 1'000'000;  // Go's own limit

// Reads digits; nothing when there are none, and `bad` beyond Go's limit.
std::optional<std::size_t> read_number(std::string_view text, std::size_t& at, bool& bad) {
    std::optional<std::size_t> number;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
        const std::size_t next =
            number.value_or(0) * 10 + static_cast<std::size_t>(text[at++] - '0');
        number = std::min(next, most_width + 1);
    }
    bad = bad || number.value_or(0) > most_width;
    return number;
}

verb read_flags(std::string_view text, std::size_t& at) {
    verb v;
    for (; at < text.size(); ++at) {
        switch (text[at]) {
        case '-':
            v.minus = true;
            v.zero = false;
            continue;
        case '+':
            v.plus = true;
            continue;
        case '#':
            v.sharp = true;
            continue;
        case ' ':
            v.space = true;
            continue;
        case '0':
            v.zero = !v.minus;
            continue;
        default:
            return v;
        }
    }
    return v;
}

void append_utf8(std::string& out, std::uint64_t point) {
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        point = 0xfffd;
    }
    const auto byte = [&out](std::uint64_t b) { out += static_cast<char>(b); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xc0 | point >> 6);
        byte(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        byte(0xe0 | point >> 12);
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    } else {
        byte(0xf0 | point >> 18);
        byte(0x80 | (point >> 12 & 0x3f));
        byte(0x80 | (point >> 6 & 0x3f));
        byte(0x80 | (point & 0x3f));
    }
}

void append_padded(std::string& out, std::string_view text, const verb& v) {
    const auto points =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        }));
    const std::size_t padding = v.width.value_or(0) > points ? *v.width - points : 0;
    if (v.minus) {
        out.append(text).append(padding, ' ');
    } else {
        out.append(padding, v.zero ? '0' : ' ').append(text);
    }
}

void append_whole(std::string& out, std::int64_t number, const verb& v, int base,
                  std::string_view prefix, bool upper) {
    const bool negative = number < 0;
    const auto size =
        negative ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, size, base).ptr;
    std::string text(digits, end);
    if (upper) {
        std::transform(text.begin(), text.end(), text.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
    }
    std::size_t least = v.precision.value_or(0);
    if (v.precision == std::size_t{0} && number == 0) {  // Go prints nothing but the padding
        verb spaces = v;
        spaces.zero = false;
        append_padded(out, {}, spaces);
        return;
    }
    const bool sign = negative || v.plus || v.space;
    if (!v.precision && v.zero && !v.minus && v.width) {
        least = *v.width - std::min<std::size_t>(*v.width, sign ? 1 : 0);
    }
    if (text.size() < least) {
        text.insert(0, least - text.size(), '0');
    }
    if (v.sharp && base == 8 && text.front() == '0') {
        prefix = {};
    }
    text.insert(0, prefix);
    if (sign) {
        text.insert(0, 1, negative ? '-' : v.plus ? '+' : ' ');
    }
    verb spaces = v;
    spaces.zero = false;
    append_padded(out, text, spaces);
}

std::string quoted_point(std::int64_t number) {
    std::string text = "'";
    switch (number) {
    case '\a':
        return "'\\a'";
    case '\b':
        return "'\\b'";
    case '\f':
        return "'\\f'";
    case '\n':
        return "'\\n'";
    case '\r':
        return "'\\r'";
    case '\t':
        return "'\\t'";
    case '\v':
        return "'\\v'";
    case '\\':
        return "'\\\\'";
    case '\'':
        return "'\\''";
    default:
        break;
    }
    if (number >= 0 && (number < 0x20 || number == 0x7f)) {
        constexpr std::string_view hex = "0123456789abcdef";
        text += "\\x";
        text += hex[static_cast<std::size_t>(number) >> 4];
        text += hex[static_cast<std::size_t>(number) & 15];
    } else {
        append_utf8(text, static_cast<std::uint64_t>(number));
    }
    return text + "'";
}

// False for a verb that does not suit a whole number.
bool append_verb(std::string& out, char name, const verb& v, std::int64_t number) {
    switch (name) {
    case 'd':
    case 'v':
        append_whole(out, number, v, 10, {}, false);
        return true;
    case 'b':
        append_whole(out, number, v, 2, v.sharp ? "0b" : "", false);
        return true;
    case 'o':
        append_whole(out, number, v, 8, v.sharp ? "0" : "", false);
        return true;
    case 'O':
        append_whole(out, number, v, 8, "0o", false);
        return true;
    case 'x':
        append_whole(out, number, v, 16, v.sharp ? "0x" : "", false);
        return true;
    case 'X':
        append_whole(out, number, v, 16, v.sharp ? "0X" : "", true);
        return true;
    case 'c': {
        std::string point;
        append_utf8(point, static_cast<std::uint64_t>(number));
        append_padded(out, point, v);
        return true;
    }
    case 'q':
        append_padded(out, quoted_point(number), v);
        return true;
    case 'U': {
        std::string point;
        verb four;
        four.precision = std::max<std::size_t>(v.precision.value_or(4), 4);
        append_whole(point, number, four, 16, {}, true);
        point.insert(0, "U+");
        verb spaces = v;
        spaces.zero = false;
        append_padded(out, point, spaces);
        return true;
    }
    default:
        return false;
    }
}

}  // namespace

std::string go_format(std::string_view format, std::int64_t number) {
    std::string out;
    bool used = false;
    for (std::size_t at = 0; at < format.size();) {
        const std::size_t percent = std::min(format.find('%', at), format.size());
        out += format.substr(at, percent - at);
        if (percent == format.size()) {
            break;
        }
        at = percent + 1;
        verb v = read_flags(format, at);
        bool bad_width = false, bad_precision = false;
        v.width = read_number(format, at, bad_width);
        if (bad_width) {
            v.width = 0;
            out += "%!(BADWIDTH)";
        }
        if (at < format.size() && format[at] == '.') {
            ++at;
            v.precision = read_number(format, at, bad_precision).value_or(0);
            if (bad_precision) {
                v.precision.reset();
                out += "%!(BADPREC)";
            }
        }
        if (at == format.size()) {
            out += "%!(NOVERB)";
            break;
        }
        std::size_t next = at + 1;  // a verb is one code point
        while (next < format.size() && (static_cast<unsigned char>(format[next]) & 0xc0) == 0x80) {
            ++next;
        }
        const std::string_view name = format.substr(at, next - at);
        at = next;
        if (name == "%") {
            out += '%';
        } else if (used) {
            out.append("%!").append(name).append("(MISSING)");
        } else {
            used = true;
            if (!append_verb(out, name.front(), v, number)) {
                out.append("%!").append(name).append("(int=" + std::to_string(number) + ")");
            }
        }
    }
    if (!used) {
        out += "%!(EXTRA int=" + std::to_string(number) + ")";
    }
    return out;
}

}  // namespace weir::dialects
