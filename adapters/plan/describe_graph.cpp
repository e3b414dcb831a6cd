// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/describe.hpp"

#include "adapters/plan/graph.hpp"

#include <string_view>

namespace weir::plan {

namespace {

std::string dot_text(std::string_view label) {
    std::string text = "\"";
    for (const char c : label) {
        if (c == '"' || c == '\\')
            text += '\\';
        if (c == '\n')
            text += "\\n";
        else if (static_cast<unsigned char>(c) >= 0x20)
            text += c;
    }
    return text + '"';
}

std::string mermaid_text(std::string_view label) {
    std::string text = "\"";
    for (const char c : label) {
        switch (c) {
        case '\n':
            text += "<br/>";
            break;
        case '"':
            text += "#quot;";
            break;
        case '<':
            text += "#lt;";
            break;
        case '>':
            text += "#gt;";
            break;
        case '#':
            text += "#35;";
            break;
        case '&':
            text += "#amp;";
            break;
        case '`':
            text += "#96;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20)
                text += c;
        }
    }
    return text + '"';
}

std::string id(char kind, std::size_t index) {
    return kind + std::to_string(index);
}

// What differs between the formats; the rest is one walk over frames and boxes.
struct dot {
    static std::string begin(const std::string& title) {
        return "digraph plan {\n  graph [label=" + dot_text(title) +
               ", labelloc=t, fontname=\"sans-serif\", newrank=true, color=gray60]\n"
               "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10]\n"
               "  edge [arrowsize=0.6]\n";
    }
    static std::string open(std::size_t f, const std::string& label) {
        return "subgraph cluster_" + std::to_string(f) + " { label=" + dot_text(label) +
               "; fontsize=10\n";
    }
    static constexpr std::string_view close = "}\n";
    static constexpr std::string_view end = "}\n";
    static std::string box(std::size_t i, const graph::box& b) {
        switch (b.shape) {
        case graph::shape::bar:
            return id('n', i) +
                   " [style=filled, fillcolor=black, fontcolor=white, width=6, label=" +
                   dot_text(b.label) + "]\n";
        case graph::shape::join:
            return id('n', i) + " [shape=point]\n";
        case graph::shape::box:
            break;
        }
        return id('n', i) + " [label=" + dot_text(b.label) + "]\n";
    }
    static std::string edge(const graph::edge& e) {
        return id('n', static_cast<std::size_t>(e.from)) + " -> " +
               id('n', static_cast<std::size_t>(e.to)) + (e.rollback ? " [style=dashed]\n" : "\n");
    }
};

struct mermaid {
    static std::string begin(const std::string& title) {
        return "flowchart TB\n  %% " + mermaid_text(title) +
               "\n"
               "  classDef bar fill:#000,stroke:#000,color:#fff\n";
    }
    static std::string open(std::size_t f, const std::string& label) {
        return "subgraph " + id('f', f) + "[" + mermaid_text(label) + "]\n";
    }
    static constexpr std::string_view close = "end\n";
    static constexpr std::string_view end = "";
    static std::string box(std::size_t i, const graph::box& b) {
        switch (b.shape) {
        case graph::shape::bar:
            return id('n', i) + "[" + mermaid_text(b.label) + "]:::bar\n";
        case graph::shape::join:
            return id('n', i) + "(( ))\n";
        case graph::shape::box:
            break;
        }
        return id('n', i) + "(" + mermaid_text(b.label) + ")\n";
    }
    static std::string edge(const graph::edge& e) {
        return id('n', static_cast<std::size_t>(e.from)) + (e.rollback ? " -.-> " : " --> ") +
               id('n', static_cast<std::size_t>(e.to)) + "\n";
    }
};

template <class format>
class printer {
public:
    explicit printer(const graph& g)
        : graph_(g), boxes_(g.frames().size() + 1), frames_(g.frames().size() + 1) {
        const auto slot = [](int frame) { return static_cast<std::size_t>(frame + 1); };
        for (std::size_t b = 0; b < g.boxes().size(); ++b)
            boxes_[slot(g.boxes()[b].frame)].push_back(b);
        for (std::size_t f = 0; f < g.frames().size(); ++f)
            frames_[slot(g.frames()[f].parent)].push_back(f);
    }

    std::string run(const std::string& title) && {
        text_ = format::begin(title);
        inside(0, "  ");
        for (const graph::edge& e : graph_.edges())
            text_.append("  ").append(format::edge(e));
        return std::move(text_.append(format::end));
    }

private:
    void inside(std::size_t slot, const std::string& indent) {
        for (const std::size_t b : boxes_[slot])
            text_.append(indent).append(format::box(b, graph_.boxes()[b]));
        for (const std::size_t f : frames_[slot]) {
            text_.append(indent).append(format::open(f, graph_.frames()[f].label));
            inside(f + 1, indent + "  ");
            text_.append(indent).append(format::close);
        }
    }

    const graph& graph_;
    std::vector<std::vector<std::size_t>> boxes_;  // by frame + 1
    std::vector<std::vector<std::size_t>> frames_;
    std::string text_;
};

std::string title_of(const plan& p) {
    if (p.nodes.empty())
        return "pipeline";
    return std::string(p.root().id.empty() ? p.root().name : p.root().id);
}

}  // namespace

std::string to_dot(const plan& p) {
    const graph g(p);
    return printer<dot>(g).run(title_of(p));
}

std::string to_mermaid(const plan& p) {
    const graph g(p);
    return printer<mermaid>(g).run(title_of(p));
}

}  // namespace weir::plan
