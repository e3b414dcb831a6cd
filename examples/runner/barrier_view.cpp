// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/board.hpp"

namespace weir::runner {

void barrier_view::take(weir_event_kind kind, std::string_view path) {
    if (kind == WEIR_EVENT_BARRIER_RESERVED) {
        ++reserved_;
        return;
    }
    if (kind == WEIR_EVENT_BARRIER_SETTLED) {
        reserved_ -= reserved_ > 0 ? 1 : 0;
        return;
    }
    if (kind >= WEIR_EVENT_BARRIER_RELEASED && kind <= WEIR_EVENT_BARRIER_VOIDED) {
        open_ = false;
        return;
    }
    const auto [found, added] = index_.try_emplace(std::string{path}, parties_.size());
    if (added) {
        parties_.push_back({found->first});
        ++awaited_;
    }
    party& of = parties_[found->second];
    const state before = of.now;
    switch (kind) {
    case WEIR_EVENT_BARRIER_ARRIVED:
        of.now = state::arrived;
        break;
    case WEIR_EVENT_BARRIER_WITHDRAWN:
        of.now = state::gone;
        break;
    case WEIR_EVENT_BARRIER_FAILED:
        of.now = state::failed;
        break;
    default:
        of.now = state::expected;
        first_missing_ = std::min(first_missing_, found->second);
    }
    const auto change = [&](state which) {
        return static_cast<std::size_t>((of.now == which ? 1 : 0) - (before == which ? 1 : 0));
    };
    arrived_ += change(state::arrived);
    failed_ += change(state::failed);
    awaited_ -= change(state::gone);
}

std::string barrier_view::missing_names(std::size_t most) {
    while (first_missing_ < parties_.size() && parties_[first_missing_].now != state::expected) {
        ++first_missing_;
    }
    std::string names;
    std::size_t named = 0;
    for (std::size_t i = first_missing_; i < parties_.size() && named < most; ++i) {
        if (parties_[i].now == state::expected) {
            names += (named++ == 0 ? "" : ", ") + parties_[i].path;
        }
    }
    if (missing() > named) {
        names += " and " + std::to_string(missing() - named) + " more";
    }
    if (reserved_ > 0) {
        names += names.empty() ? "a loop whose size is not known yet"
                               : ", and a loop whose size is not known yet";
    }
    return names;
}

}  // namespace weir::runner
