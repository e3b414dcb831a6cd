// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "plugin/guard.hpp"
#include "plugin/tables.hpp"

weir_status weir::plugin::give_text(std::string text, weir_text& handle) {
    const auto made = all().texts.add(std::make_shared<const std::string>(std::move(text)));
    if (made == 0)
        return WEIR_E_LIMIT;
    handle = made;
    return WEIR_OK;
}

using namespace weir;
using plugin::all;

weir_status weir_text_view(weir_text text, const char** data, uint32_t* length) noexcept {
    return plugin::guarded([&] {
        if (!data || !length)
            return WEIR_E_INVALID_ARGUMENT;
        const auto found = all().texts.find(text);
        if (!found)
            return WEIR_E_STALE;
        *data = found->c_str();
        *length = static_cast<uint32_t>(found->size());
        return WEIR_OK;
    });
}

weir_status weir_text_release(weir_text text) noexcept {
    return plugin::guarded(
        [&] { return text == 0 || all().texts.take(text) ? WEIR_OK : WEIR_E_STALE; });
}
