// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"

#include "adapters/plan/outline.hpp"

#include <string_view>

namespace weir::plan {

namespace {

constexpr std::size_t row = 8;              // so many siblings of one shape are drawn as one row
constexpr std::size_t places_listed = 12;   // of one barrier

std::string lanes(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " lane" : " lanes"); }

class tree {
public:
    explicit tree(const plan& p) : plan_(p), outline_(p) {}

    std::string run() && {
        if (plan_.nodes.empty()) return {};
        line("", "", 0);
        below(0, "");
        barriers();
        return std::move(text_);
    }

private:
    std::string head(node_index i) const {
        const node& n = plan_[i];
        switch (n.kind) {
            case node_kind::pipeline: {
                const std::string_view title = n.id.empty() ? n.name : n.id;
                return title.empty() ? "pipeline" : "pipeline " + std::string(title);
            }
            case node_kind::parallel:
            case node_kind::graph: {
                std::uint64_t entries = 0;
                for (node_index c = n.first_child; c != no_node; c = plan_[c].next) ++entries;
                return std::string(name_of(n.kind)) + ", " + lanes(entries);
            }
            case node_kind::rollback: return "rollback";
            case node_kind::on_release: return "on release";
            case node_kind::barrier: {
                const bool known = n.barrier < plan_.barriers.size();
                return std::string(n.id) + "  ===== barrier " +
                       (known ? plan_.barriers[n.barrier].id : "?") + " =====";
            }
            case node_kind::stage: return typed(n, "stage");
            case node_kind::step_group: return std::string(n.id) + "  group";
            case node_kind::step: return typed(n, "step");
            case node_kind::lock: return typed(n, "lock");
        }
        return {};
    }

    static std::string typed(const node& n, std::string_view kind) {
        return std::string(n.id) + "  " + std::string(kind) +
               (n.type.empty() ? std::string{} : " " + std::string(n.type));
    }

    void line(std::string_view indent, std::string_view branch, node_index i) {
        text_.append(indent).append(branch).append(head(i));
        const node& n = plan_[i];
        if (const std::string loop = outline_.loop_text(i); !loop.empty())
            text_.append("  [").append(loop).append("]");
        if (n.status != when_status::success) text_.append("  when ").append(name_of(n.status));
        if (!n.condition.empty()) text_.append("  if ").append(one_line(n.condition));
        text_ += '\n';
    }

    static std::string one_line(std::string_view condition) {
        constexpr std::size_t longest = 60;
        std::string text(condition.substr(0, longest));
        for (char& c : text) if (c == '\n' || c == '\r') c = ' ';
        return condition.size() > longest ? text + "..." : text;
    }

    void below(node_index i, const std::string& indent) {
        const node& n = plan_[i];
        const auto entries = outline_.children(i, row);
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const bool last = e + 1 == entries.size() && n.rollback == no_node;
            entry(entries[e], indent, last);
        }
        if (n.rollback != no_node) entry({n.rollback, n.rollback, 1}, indent, true);
    }

    void entry(const outline::entry& e, const std::string& indent, bool last) {
        const bool one = e.count == 1;
        line(indent, last && one ? "`- " : "|- ", e.node);
        below(e.node, indent + (last && one ? "   " : "|  "));
        if (one) return;
        text_.append(indent)
            .append("|  ... ")
            .append(std::to_string(e.count - 2))
            .append(" more like it ...\n");
        line(indent, last ? "`- " : "|- ", e.last);
    }

    void barriers() {
        std::vector<std::vector<node_index>> places(plan_.barriers.size());
        for (node_index i = 0; i < plan_.nodes.size(); ++i) {
            if (plan_[i].kind == node_kind::barrier && plan_[i].barrier < places.size()) {
                places[plan_[i].barrier].push_back(i);
            }
        }
        for (std::size_t b = 0; b < places.size(); ++b) {
            std::uint64_t parties = 0;
            bool known = true;
            for (const node_index i : places[b]) {
                const std::uint64_t here = outline_.lanes_at(i);
                known = known && here != 0;
                parties += here;
            }
            text_.append("\n===== barrier ").append(plan_.barriers[b].id).append(" =====  ");
            text_.append(known ? lanes(parties) : "at least " + lanes(parties)).append("\n");
            for (std::size_t p = 0; p < places[b].size() && p < places_listed; ++p) {
                const std::uint64_t here = outline_.lanes_at(places[b][p]);
                text_.append("  ").append(path_of(plan_, places[b][p]));
                if (here != 1) text_.append("  x ").append(here == 0 ? "?" : std::to_string(here));
                text_ += '\n';
            }
            if (places[b].size() > places_listed) {
                text_.append("  ... ")
                    .append(std::to_string(places[b].size() - places_listed))
                    .append(" more places\n");
            }
        }
    }

    const plan& plan_;
    outline outline_;
    std::string text_;
};

}  // namespace

std::string to_tree(const plan& p) { return tree(p).run(); }

}  // namespace weir::plan
