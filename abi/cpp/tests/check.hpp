// SPDX-License-Identifier: BSL-1.0
// A few lines of test runner: it works without exceptions and without run-time types.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace check {

struct test {
    const char* promise;
    void (*run)();
};

inline std::vector<test>& tests() {
    static std::vector<test> all;
    return all;
}

struct registered {
    registered(const char* promise, void (*run)()) { tests().push_back({promise, run}); }
};

inline int failures = 0;

inline void that(bool holds, const char* what, const char* file, int line) {
    if (holds)
        return;
    ++failures;
    std::fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}

inline void surely(bool holds, const char* what, const char* file, int line) {
    that(holds, what, file, line);
    if (!holds)
        std::exit(1);
}

inline int all() {
    for (const test& each : tests()) {
        const int before = failures;
        each.run();
        if (failures != before)
            std::fprintf(stderr, "failed: %s\n", each.promise);
    }
    std::printf("%zu tests, %d failures\n", tests().size(), failures);
    return failures == 0 ? 0 : 1;
}

}  // namespace check

#define TEST(promise)                                             \
    static void promise();                                        \
    static const check::registered promise##_(#promise, promise); \
    static void promise()
#define CHECK(...) check::that(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
#define REQUIRE(...) check::surely(static_cast<bool>(__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)
