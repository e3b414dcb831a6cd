// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace weir::test {

struct process_options {
    std::string input{};  // its standard input; then the end
    std::vector<std::pair<std::string, std::string>> environment{};  // besides the test's own
    std::vector<int> closed{};                                       // of 0, 1, 2
    bool reader_gone = false;                                        // nobody reads what it writes
    bool on_terminal = false;  // its output goes to a terminal of 100 columns
    std::string typed{};       // on that terminal, which is its standard input, too, then
};

struct process_end {
    int status = -1;  // 128 + the signal's number when it was killed
    std::string out, err;
};

// A program under test. Whatever happens, it has ended when this is destroyed.
class process {
public:
    explicit process(std::vector<std::string> command, const process_options& options = {});
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process();

    [[nodiscard]] pid_t id() const noexcept { return pid_; }
    void signal(int number) const;

    // Reads until `text` was written to its output; false when it ended, or after a minute, without
    // it.
    [[nodiscard]] bool wrote(const std::string& text);

    // Reads to the end. Throws when it does not end within `limit`.
    process_end wait(std::chrono::seconds limit = std::chrono::seconds{120});

    [[nodiscard]] std::size_t threads() const;  // at this moment; 0 when it has ended

private:
    bool read_some(std::chrono::steady_clock::time_point until);

    pid_t pid_ = 0;
    int out_ = -1, err_ = -1;
    process_end end_;
};

// The `weir` command of this build.
[[nodiscard]] process_end weir_command(std::vector<std::string> arguments,
                                       const process_options& options = {});

// Whether any process has `marker` in its environment: what a test's scripts left behind.
[[nodiscard]] bool anybody_with(const std::string& marker);

}  // namespace weir::test
