// SPDX-License-Identifier: BSL-1.0
#include "tests/support/process.hpp"

#include "tests/support/scratch.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::test {

namespace {

std::pair<int, int> pipe_ends() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error{"no pipe can be made"};
    return {ends[0], ends[1]};
}

std::pair<int, int> terminal_ends() {
    int ours = -1, theirs = -1;
    winsize size{30, 100, 0, 0};
    if (::openpty(&ours, &theirs, nullptr, nullptr, &size) != 0)
        throw std::runtime_error{"no terminal can be made"};
    ::fcntl(ours, F_SETFD, FD_CLOEXEC);
    ::fcntl(theirs, F_SETFD, FD_CLOEXEC);
    return {ours, theirs};
}

// The input as a file without a name, so that nobody has to write it while the program runs.
int input_file(const std::string& text) {
    std::FILE* file = std::tmpfile();
    std::fwrite(text.data(), 1, text.size(), file);
    std::rewind(file);
    const int copy = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 3);
    std::fclose(file);
    return copy;
}

}  // namespace

process::process(std::vector<std::string> command, const process_options& options) {
    const auto [out, out_end] = options.on_terminal ? terminal_ends() : pipe_ends();
    const auto [err, err_end] = pipe_ends();
    const int input = input_file(options.input);
    std::vector<char*> arguments;
    for (std::string& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(options.typed.empty() ? input : out_end, 0);
        ::dup2(out_end, 1);
        ::dup2(err_end, 2);
        for (const int number : options.closed)
            ::close(number);
        for (const auto& [name, value] : options.environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    if (!options.typed.empty() && ::write(out, options.typed.data(), options.typed.size()) !=
                                      static_cast<ssize_t>(options.typed.size()))
        throw std::runtime_error{"nothing can be typed"};
    for (const int number : {input, out_end, err_end})
        ::close(number);
    out_ = out;
    err_ = err;
    if (options.reader_gone) {
        ::close(out_);
        out_ = -1;
    }
}

process::~process() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int number : {out_, err_}) {
        if (number >= 0)
            ::close(number);
    }
}

void process::signal(int number) const {
    ::kill(pid_, number);
}

bool process::read_some(std::chrono::steady_clock::time_point until) {
    std::array<pollfd, 2> ready{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0)
        throw std::runtime_error{"the program did not end in time; it wrote:\n" + end_.out +
                                 end_.err};
    ::poll(ready.data(), ready.size(), static_cast<int>(left.count()));
    std::array<char, 65536> buffer;
    const auto take = [&](int& from, short events, std::string& into) {
        if (from < 0 || events == 0)
            return;
        const ssize_t n = ::read(from, buffer.data(), buffer.size());
        if (n > 0)
            return void(into.append(buffer.data(), static_cast<std::size_t>(n)));
        if (n < 0 && errno == EINTR)
            return;
        ::close(from);
        from = -1;
    };
    take(out_, ready[0].revents, end_.out);
    take(err_, ready[1].revents, end_.err);
    return out_ >= 0 || err_ >= 0;
}

bool process::wrote(const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    while (end_.out.find(text) == std::string::npos) {
        if (!read_some(until))
            return end_.out.find(text) != std::string::npos;
    }
    return true;
}

process_end process::wait(std::chrono::seconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (out_ >= 0 || err_ >= 0)
        static_cast<void>(read_some(until));
    int status = 0;
    while (::waitpid(pid_, &status, 0) == -1 && errno == EINTR) {
    }
    pid_ = 0;
    end_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return std::move(end_);
}

std::size_t process::threads() const {
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        ended.si_pid != 0)
        return 0;
    std::error_code gone;
    std::size_t count = 0;
    const std::filesystem::path tasks{"/proc/" + std::to_string(pid_) + "/task"};
    for (auto task = std::filesystem::directory_iterator{tasks, gone}; !gone && task != end(task);
         task.increment(gone)) {
        ++count;
    }
    return count;
}

process_end weir_command(std::vector<std::string> arguments, const process_options& options) {
    arguments.insert(arguments.begin(), WEIR_COMMAND);
    return process{std::move(arguments), options}.wait();
}

bool anybody_with(const std::string& marker) {
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos ||
            name == std::to_string(::getpid()))
            continue;
        if (read_file(entry.path() / "environ").find(marker) != std::string::npos)
            return true;
    }
    return false;
}

}  // namespace weir::test
