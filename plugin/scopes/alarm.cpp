// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/alarm.hpp"

#include <memory>

#include "plugin/scopes/scope_tree.hpp"

namespace weir::plugin {

alarm::alarm(scope_tree& tree, fibers::worker& keeper, const void* whom,
             void (*ring)(void*) noexcept) noexcept
    : timer{[](timer& t) noexcept { static_cast<alarm&>(t).rung(); }},
      tree_{tree},
      keeper_{keeper},
      whom_{whom},
      ring_{ring} {
    set_.of = stop_.of = this;
    set_.deliver = [](fibers::message& m) noexcept {
        auto& self = *static_cast<door&>(m).of;
        self.keeper_.arm(self, self.deadline_);
    };
    stop_.deliver = [](fibers::message& m) noexcept {
        const std::unique_ptr<alarm> self{static_cast<door&>(m).of};
        self->keeper_.disarm(*self);
    };
}

void alarm::set(std::int64_t deadline_ns) noexcept {
    deadline_ = deadline_ns;
    keeper_.post(set_);
}

void alarm::stop() noexcept {
    keeper_.post(stop_);
}

void alarm::rung() noexcept {
    bool stopped = true;
    {
        const scope_tree::visit here{tree_};
        const auto found = tree_.alarms_.find(whom_);
        if (found != tree_.alarms_.end() && found->second == this) {
            tree_.alarms_.erase(found);
            stopped = false;
            ring_(const_cast<void*>(whom_));
        }
    }
    if (!stopped)
        delete this;
}

}  // namespace weir::plugin
