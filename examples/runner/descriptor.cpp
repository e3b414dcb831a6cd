// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/descriptor.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weir::runner {

void descriptor::close() noexcept {
    if (number_ >= 0)
        ::close(number_);
    number_ = -1;
}

void guard_standard_descriptors() noexcept {
    for (int number = 0; number < 3; ++number) {
        if (::fcntl(number, F_GETFD) == -1) {
            // The lowest free number is the one that is missing.
            static_cast<void>(::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY));
        }
    }
}

unsigned long descriptor_limit() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 1024;
}

}  // namespace weir::runner
