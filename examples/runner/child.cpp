// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace weir::runner {

namespace {

// Above every number that a child's descriptors get, so that arranging them overwrites none.
descriptor lifted(int number) noexcept {
    const descriptor low{number};
    return descriptor{number < 0 ? -1 : ::fcntl(number, F_DUPFD_CLOEXEC, 16)};
}

descriptor memory_file(const char* name) noexcept {
    return lifted(::memfd_create(name, MFD_CLOEXEC));
}

bool write_all(int to, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t n = ::write(to, text.data(), text.size());
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::lseek(to, 0, SEEK_SET) == 0;
}

std::vector<std::string> environment_with(const script_request& request) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        bool replaced = false;
        for (const auto& [given, value] : request.environment)
            replaced = replaced || given == name;
        if (!replaced)
            result.emplace_back(text);
    }
    for (const auto& [name, value] : request.environment)
        result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const std::string& text : texts)
        result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

// The arrangement of a child's descriptors, and its attributes: a group of its own, and the signal
// settings that a program expects, which are not this host's.
class arrangement {
public:
    arrangement() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    arrangement(const arrangement&) = delete;
    arrangement& operator=(const arrangement&) = delete;
    ~arrangement() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&actions);
    }

    void give(const descriptor& ours, int theirs) {
        ::posix_spawn_file_actions_adddup2(&actions, ours.get(), theirs);
    }

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

}  // namespace

std::string child_end::describe() const {
    if (!killed)
        return "exit status " + std::to_string(status);
    const char* name = ::sigdescr_np(status);
    return "killed by signal " + std::to_string(status) + " (" +
           (name == nullptr ? "unknown" : name) + ")";
}

child::~child() {
    if (leader_ == 0)
        return;
    signal(SIGKILL);
    static_cast<void>(reap());
}

bool child::start(const script_request& request) {
    if (launch(request)) {
        return true;
    }
    const int reason = errno;
    for (descriptor* held : {&process_, &output_, &outputs_}) {
        held->close();
    }
    errno = reason;
    return false;
}

bool child::launch(const script_request& request) {
    const descriptor nothing = lifted(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const descriptor script = memory_file("weir-script");
    outputs_ = memory_file("weir-outputs");
    int ends[2] = {-1, -1};
    if (!nothing || !script || !outputs_ || !write_all(script.get(), request.text))
        return false;
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return false;
    output_ = lifted(ends[0]);
    const descriptor write_end = lifted(ends[1]);
    if (!output_ || !write_end)
        return false;
    ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);

    arrangement arranged;
    arranged.give(request.from_input ? script : nothing, STDIN_FILENO);
    arranged.give(write_end, STDOUT_FILENO);
    arranged.give(write_end, STDERR_FILENO);
    if (!request.from_input)
        arranged.give(script, script_descriptor);
    arranged.give(outputs_, outputs_descriptor);

    const std::vector<std::string> environment = environment_with(request);
    const int failed = ::posix_spawnp(
        &leader_, request.interpreter.front().c_str(), &arranged.actions, &arranged.attributes,
        pointers(request.interpreter).data(), pointers(environment).data());
    if (failed != 0) {
        leader_ = 0;
        errno = failed;
        return false;
    }
    process_ = descriptor{static_cast<int>(::syscall(SYS_pidfd_open, leader_, 0))};
    if (process_)
        return true;
    const int reason = errno;
    signal(SIGKILL);
    static_cast<void>(reap());
    errno = reason;
    return false;
}

void child::signal(int number) const noexcept {
    if (leader_ != 0)
        ::kill(-leader_, number);
}

child_end child::reap() noexcept {
    siginfo_t info{};
    // The group is ended while its leader is a zombie: until then no other group can have its
    // number.
    while (::waitid(P_PID, static_cast<id_t>(leader_), &info, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    signal(SIGKILL);
    while (::waitid(P_PID, static_cast<id_t>(leader_), &info, WEXITED) != 0 && errno == EINTR) {
    }
    leader_ = 0;
    return {info.si_status, info.si_code != CLD_EXITED};
}

std::string child::outputs() const {
    constexpr std::size_t most = 1024 * 1024;
    std::string text(most, '\0');
    const ssize_t n = ::pread(outputs_.get(), text.data(), text.size(), 0);
    text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return text;
}

}  // namespace weir::runner
