// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/signals.hpp"

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

namespace weir::runner {

signals::signals() noexcept {
    sigset_t taken;
    sigemptyset(&taken);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        sigaddset(&taken, number);
    }
    ::sigprocmask(SIG_BLOCK, &taken, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    read_ = descriptor{::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK)};
}

int signals::next() const noexcept {
    signalfd_siginfo info{};
    return ::read(read_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo)
                                                                  : 0;
}

}  // namespace weir::runner
