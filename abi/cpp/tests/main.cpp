// SPDX-License-Identifier: BSL-1.0
// All in one, since it is compiled in several ways and nobody waits gladly.
#include "abi/cpp/tests/await_test.cpp"
#include "abi/cpp/tests/loop_test.cpp"
#include "abi/cpp/tests/owner_test.cpp"
#include "abi/cpp/tests/queue_test.cpp"
#include "abi/cpp/tests/run_test.cpp"
// Both use what that one has.
#include "abi/cpp/tests/children_test.cpp"
#include "abi/cpp/tests/length_test.cpp"
#include "abi/cpp/tests/scope_test.cpp"

int main() {
    return check::all();
}
