// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_check.hpp"

#include <map>
#include <string>

namespace weir::plan {

namespace {

constexpr std::size_t most_notes = 20;

class unsupported {
public:
    explicit unsupported(read_context& c) : c_(c), plan_(c.made()) {}

    void look() {
        for (node_index i = 0; i < plan_.nodes.size(); ++i)
            node(i);
        for (const auto& [construct, places] : found_) {
            diagnostic& d = c_.report(code::not_supported, places.front(),
                                      construct + " is known, but this version does not run it");
            for (std::size_t k = 1; k < places.size() && k <= most_notes; ++k)
                d.notes.push_back({"also here", c_.where(places[k])});
        }
    }

private:
    void node(node_index i) {
        const auto& n = plan_[i];
        switch (n.kind) {
        case node_kind::graph:
        case node_kind::lock:
            met(i, "a `" + std::string(name_of(n.kind)) + "`");
            break;
        case node_kind::pipeline:
            if (i != 0)
                met(i, "a child pipeline");
            break;
        default:
            break;
        }
        if (n.loop() && n.loop()->kind == strategy_kind::while_true)
            met(i, "the loop `while`");
    }

    void met(node_index i, const std::string& construct) { found_[construct].push_back(i); }

    read_context& c_;
    const plan& plan_;
    std::map<std::string, std::vector<node_index>> found_;
};

}  // namespace

void refuse_unsupported(read_context& c) {
    unsupported(c).look();
}

}  // namespace weir::plan
