// SPDX-License-Identifier: BSL-1.0
// The example host carries out examples/scenario with the binding, and prints its trace:
// host FOLDER. Its tasks are threads; its steps are timers of one loop.
#include <cstdio>
#include <string>

#include "abi/cpp/examples/host/day.hpp"
#include "abi/cpp/examples/host/pipeline.hpp"
#include "abi/cpp/examples/host/scenario.hpp"
#include "abi/cpp/examples/host/steps.hpp"
#include "abi/cpp/examples/host/trace.hpp"

namespace {

/// The first thing that went wrong, or nothing.
std::string carry_out(const std::string& folder) {
    scenario planned;
    if (!read_scenario(folder, planned))
        return folder + ": no scenario";
    weir::result<weir::runtime> runtime = weir::runtime::create();
    if (!runtime)
        return std::string(runtime.error().text());
    weir::result<weir::queue> queue = weir::queue::create();
    if (!queue)
        return std::string(queue.error().text());

    day today(planned);
    std::string wrong = today.carry_out(*runtime, *queue);
    if (!wrong.empty())
        return wrong;
    walk through;
    wrong = through.carry_out(*runtime, *queue, folder + "/" + planned.pipeline);
    if (wrong.empty())
        print(today, through);
    return wrong;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: host FOLDER\n", stderr);
        return 2;
    }
    const std::string wrong = carry_out(arguments[1]);
    if (!wrong.empty())
        std::fprintf(stderr, "%s\n", wrong.c_str());
    return wrong.empty() ? 0 : 1;
}
