// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/sink.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace weir::runner {

void sink::put(std::string_view text) {
    constexpr std::size_t most = 64 * 1024;
    gathered_.append(text);
    if (gathered_.size() >= most)
        flush();
}

void sink::line(std::string_view text) {
    put(text);
    put("\n");
}

void sink::flush() noexcept {
    std::string_view rest = gathered_;
    while (!rest.empty() && error_ == 0) {
        const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {  // somebody made our descriptor non-blocking
            pollfd writable{descriptor_, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            error_ = errno;
        }
    }
    gathered_.clear();
}

}  // namespace weir::runner
