// SPDX-License-Identifier: BSL-1.0
#include "fibers/descriptor.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace weir::fibers {

int open_descriptor() noexcept {
    const int first = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (first < 0 || first > STDERR_FILENO) {
        return first;
    }
    const int higher = ::fcntl(first, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(first);
    return higher;
}

}  // namespace weir::fibers
