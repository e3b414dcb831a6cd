// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/child.hpp"

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::runner {

namespace {

// The children of this thread, which is the one that starts all of them.
std::vector<pid_t> children() {
    std::vector<pid_t> found;
    const std::string id = std::to_string(::getpid());
    if (std::FILE* list = std::fopen(("/proc/" + id + "/task/" + id + "/children").c_str(), "re")) {
        int pid = 0;
        while (std::fscanf(list, "%d", &pid) == 1)
            found.push_back(pid);
        std::fclose(list);
    }
    return found;
}

}  // namespace

void adopt_orphans() noexcept {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

void end_orphans() noexcept {
    // Ending one may hand us its children: again, until there is none.
    for (int rounds = 0; rounds < 1000; ++rounds) {
        const std::vector<pid_t> left = children();
        if (left.empty())
            return;
        for (const pid_t pid : left)
            ::kill(pid, SIGKILL);
        for (const pid_t pid : left)
            ::waitpid(pid, nullptr, 0);
    }
}

}  // namespace weir::runner
