// SPDX-License-Identifier: BSL-1.0
#include "tests/bench/check_documents.hpp"

#include <algorithm>

namespace weir::bench {

namespace {

constexpr std::size_t of_a_barrier = 10;  // stages

std::string shell(const std::string& id, const std::string& number) {
    return "                  - step:\n                      type: ShellScript\n"
           "                      name: " +
           id + "\n                      identifier: " + id +
           "\n                      spec:\n                        shell: Bash\n"
           "                        source:\n                          type: Inline\n"
           "                          spec:\n                            script: ./" +
           id + " --stage " + number + "\n                      timeout: 10m\n";
}

std::string meet(std::size_t barrier) {
    const auto id = "barrier_" + std::to_string(barrier);
    return "                  - step:\n                      type: Barrier\n"
           "                      name: meet " +
           id + "\n                      identifier: meet_" + id +
           "\n                      spec:\n                        barrierRef: " + id +
           "\n                      timeout: 1h\n";
}

std::string stage(std::size_t i, const std::vector<std::size_t>& barriers, bool conditional) {
    const auto number = std::to_string(i);
    auto text = "        - stage:\n            name: Stage " + number +
                "\n            identifier: stage_" + number + "\n            type: Custom\n";
    if (conditional) {
        text +=
            "            when:\n              pipelineStatus: Success\n"
            "              condition: <+trigger.payload.wanted> == \"" +
            number + "\"\n";
    }
    text += "            spec:\n              execution:\n                steps:\n" +
            shell("prepare", number);
    for (const auto b : barriers) {
        text += meet(b);
    }
    return text + shell("publish", number);
}

std::string head(const std::string& id, std::size_t barriers) {
    std::string text = "pipeline:\n  name: " + id + "\n  identifier: " + id + "\n";
    for (std::size_t b = 0; b < barriers; ++b) {
        const auto name = "barrier_" + std::to_string(b);
        text += b == 0 ? "  flowControl:\n    barriers:\n" : "";
        text += "      - name: " + name + "\n        identifier: " + name + "\n";
    }
    return text + "  stages:\n";
}

}  // namespace

const std::vector<std::string_view>& shapes() {
    static const std::vector<std::string_view> all{"blocks", "chained", "conditional", "crossing",
                                                   "serial"};
    return all;
}

std::string document(std::string_view shape, std::size_t stages) {
    const auto barriers = std::max<std::size_t>(stages / of_a_barrier, 2);
    const bool chained = shape == "chained" || shape == "crossing";
    const bool conditional = shape == "conditional" || shape == "crossing";
    auto text = head("many_stages", barriers);
    for (std::size_t i = 0; i < stages; ++i) {
        const auto mine = std::min(i / of_a_barrier, barriers - 1);
        std::vector<std::size_t> met{mine};
        if (chained && mine + 1 < barriers) {
            met.push_back(mine + 1);
        }
        if (chained && mine > 0 && i + 2 >= stages) {
            met = {mine - 1, mine};
        }
        if (shape == "crossing" && i + 1 == stages) {
            std::swap(met.front(), met.back());
        }
        if (shape != "serial" && (chained ? i == 0 : i % of_a_barrier == 0)) {
            text += "    - parallel:\n";
        }
        auto entry = stage(i, met, conditional);
        text += shape == "serial" ? "    - parallel:\n" + entry : entry;
    }
    return text;
}

std::vector<std::string> published(std::size_t count) {
    // Bytes of pipelines in public repositories, the largest one left out.
    constexpr std::size_t sizes[] = {786,  819,  820,  1092, 1092, 1120, 1147, 1458, 1466,
                                     1568, 1632, 1650, 1755, 1837, 2017, 2261, 2265, 2578,
                                     2871, 3179, 3371, 4022, 4527, 5328, 6089, 8335, 18501};
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) {
        auto text = head("pipeline_" + std::to_string(i), 2) + "    - parallel:\n";
        std::size_t made = 0;
        while (made < 1 || text.size() < sizes[i % std::size(sizes)]) {
            text += stage(made++, {0, 1}, i % 3 == 0);
        }
        all.push_back(std::move(text));
    }
    return all;
}

}  // namespace weir::bench
