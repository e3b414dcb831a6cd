// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proof.hpp"

#include <fstream>
#include <iostream>

// prove-events FILE...: proves runs right from their events files. 0: all hold; 1: one does not; 2:
// wrong use.
int main(int count, char** names) {
    if (count < 2) {
        std::cerr << "prove-events FILE...\n";
        return 2;
    }
    int status = 0;
    for (int i = 1; i < count; ++i) {
        std::ifstream file{names[i]};
        if (!file) {
            std::cerr << "prove-events: cannot read '" << names[i] << "'\n";
            return 2;
        }
        const weir::test::proof result = weir::test::prove(file);
        std::cout << names[i] << ": " << (result.holds() ? "" : "\n") << weir::test::report(result);
        if (!result.holds())
            status = 1;
    }
    return status;
}
