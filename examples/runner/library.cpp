// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/library.hpp"

namespace weir::runner {

std::string_view owned_text::view() const noexcept {
    const char* data = nullptr;
    uint32_t length = 0;
    if (weir_text_view(handle_, &data, &length) != WEIR_OK)
        return {};
    return {data, length};
}

std::string describe(weir_status status, const weir_error& error) {
    std::string text = error.text[0] != '\0' ? error.text : weir_status_text(status);
    return text + " (" + weir_status_name(status) + ")";
}

}  // namespace weir::runner
