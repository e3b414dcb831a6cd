// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"

#include "adapters/plan/outline.hpp"

#include <algorithm>
#include <string_view>

namespace weir::plan {

namespace {

constexpr std::size_t row = 8;      // so many siblings of one shape are drawn as one row
constexpr std::size_t large = 300;  // nodes; beyond, plain steps in a row are one line
constexpr std::size_t shown_steps = 2;
constexpr std::size_t places_listed = 12;  // of one barrier

std::string lanes(std::uint64_t n) {
    return std::to_string(n) + (n == 1 ? " lane" : " lanes");
}

class tree {
public:
    explicit tree(const plan& p) : plan_(p), outline_(p) {}

    std::string run() && {
        if (plan_.nodes.empty())
            return {};
        line("", "", 0);
        below(0, "");
        for (std::uint32_t b = 0; b < plan_.barriers.size(); ++b)
            barrier(b);
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
            for (node_index c = n.first_child; c != no_node; c = plan_[c].next)
                ++entries;
            return std::string(name_of(n.kind)) + ", " + lanes(entries);
        }
        case node_kind::rollback:
            return "rollback";
        case node_kind::on_release:
            return "on release";
        case node_kind::barrier: {
            const bool known = n.barrier < plan_.barriers.size();
            return std::string(n.id) + "  ===== barrier " +
                   (known ? outline_.barrier_text(n.barrier) : "?") + " =====";
        }
        case node_kind::stage:
            return typed(n, "stage");
        case node_kind::step_group:
            return std::string(n.id) + "  group";
        case node_kind::step:
            return typed(n, "step");
        case node_kind::lock:
            return typed(n, "lock") + "  (" + outline_.lock_text(i) + ")";
        }
        return {};
    }

    static std::string typed(const node& n, std::string_view kind) {
        return std::string(n.id) + "  " + std::string(kind) +
               (n.type.empty() ? std::string{} : " " + std::string(n.type));
    }

    // In a large plan what holds nothing but plain steps is one line.
    [[nodiscard]] bool summed_up(node_index i) const {
        const node& n = plan_[i];
        if (n.rollback != no_node || n.first_child == no_node)
            return false;
        const auto entries = outline_.children(i, row);
        return plain_steps(entries, 0) == entries.size();
    }

    void line(std::string_view indent, std::string_view branch, node_index i) {
        text_.append(indent).append(branch).append(head(i));
        if (summed_up(i))
            text_.append(": ").append(steps_text(
                plan_[i].first_child, static_cast<std::size_t>(outline_.steps_below(i))));
        const node& n = plan_[i];
        if (const std::string loop = outline_.loop_text(i); !loop.empty())
            text_.append("  [").append(loop).append("]");
        if (n.extras && !n.extras->depends_on.empty())
            after(n.extras->depends_on);
        if (n.status != when_status::success)
            text_.append("  when ").append(name_of(n.status));
        if (!n.condition.empty())
            text_.append("  if ").append(one_line(n.condition));
        text_ += '\n';
    }

    void after(const std::vector<node_index>& all) {
        for (std::size_t k = 0; k < all.size() && k < places_listed; ++k)
            text_.append(k == 0 ? "  after " : ", ").append(plan_[all[k]].id);
        if (all.size() > places_listed)
            text_.append(" and ")
                .append(std::to_string(all.size() - places_listed))
                .append(" more");
    }

    void below(node_index i, const std::string& indent) {
        if (summed_up(i))
            return;
        const node& n = plan_[i];
        const auto entries = outline_.children(i, row);
        for (std::size_t e = 0; e < entries.size(); ++e) {
            const std::size_t run = plain_steps(entries, e);
            const bool last =
                e + std::max<std::size_t>(run, 1) == entries.size() && n.rollback == no_node;
            if (run > shown_steps) {
                steps(entries, e, run, indent, last);
                e += run - 1;
            } else {
                entry(entries[e], indent, last && run < 2);
            }
        }
        if (n.rollback != no_node)
            entry({n.rollback, n.rollback, 1}, indent, true);
    }

    // How many steps without a loop or condition begin here, in a plan that is large.
    std::size_t plain_steps(const std::vector<outline::entry>& entries, std::size_t from) const {
        std::size_t end = from;
        for (; plan_.nodes.size() > large && end < entries.size(); ++end) {
            const node& n = plan_[entries[end].node];
            if (n.kind != node_kind::step || n.loop() || !n.condition.empty() ||
                n.status != when_status::success || entries[end].count > 1)
                break;
        }
        return end - from;
    }

    // "build", "build, test", "build ... publish, 4 steps": so many siblings.
    std::string steps_text(node_index first, std::size_t count) const {
        node_index last = first;
        for (std::size_t k = 1; k < count; ++k)
            last = plan_[last].next;
        const std::string begin(plan_[first].id), end(plan_[last].id);
        return count == 1   ? begin
               : count == 2 ? begin + ", " + end
                            : begin + " ... " + end + ", " + std::to_string(count) + " steps";
    }

    void steps(const std::vector<outline::entry>& entries, std::size_t from, std::size_t count,
               const std::string& indent, bool last) {
        text_.append(indent).append(last ? "`- " : "|- ");
        text_.append(steps_text(entries[from].node, count)).append("\n");
    }

    void entry(const outline::entry& e, const std::string& indent, bool last) {
        const bool one = e.count == 1;
        line(indent, last && one ? "`- " : "|- ", e.node);
        below(e.node, indent + (last && one ? "   " : "|  "));
        if (one)
            return;
        text_.append(indent)
            .append("|  ... ")
            .append(std::to_string(e.count - 2))
            .append(" more like it ...\n");
        line(indent, last ? "`- " : "|- ", e.last);
    }

    void barrier(std::uint32_t b) {
        const barrier_definition& what = plan_.barriers[b];
        text_.append("\n===== barrier ").append(outline_.barrier_text(b)).append(" =====  ");
        text_.append(outline_.lanes_text(b));
        if (what.stragglers == straggler_policy::fail)
            text_ += ", stragglers fail";
        if (what.cyclic)
            text_ += ", cyclic";
        if (what.exchange)
            text_ += ", exchange";
        if (what.timeout_ms != 0)
            text_.append(", at most ").append(std::to_string(what.timeout_ms)).append(" ms");
        text_ += '\n';
        const auto& places = outline_.places_of(b);
        for (std::size_t p = 0; p < places.size() && p < places_listed; ++p) {
            const std::uint64_t here = outline_.lanes_at(places[p]);
            text_.append("  ").append(path_of(plan_, places[p]));
            if (here != 1)
                text_.append("  x ").append(here == 0 ? "?" : std::to_string(here));
            text_ += '\n';
        }
        if (places.size() > places_listed) {
            text_.append("  ... ")
                .append(std::to_string(places.size() - places_listed))
                .append(" more places\n");
        }
        if (what.on_release != no_node)
            entry({what.on_release, what.on_release, 1}, "  ", true);
    }

    const plan& plan_;
    outline outline_;
    std::string text_;
};

}  // namespace

std::string to_tree(const plan& p) {
    return tree(p).run();
}

}  // namespace weir::plan
