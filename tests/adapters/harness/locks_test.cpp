// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/harness/support.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

using namespace weir;
using namespace weir::harness::testing;
using words = std::vector<std::string>;

std::string queue(std::string_view spec) {
    return with_steps("- step: {identifier: a, type: Queue, spec: " + std::string{spec} + "}");
}

std::string constraint(std::string_view spec) {
    return with_steps(
        "- step: {identifier: a, type: ResourceConstraint, spec: " + std::string{spec} + "}");
}

const plan::lock_request* lock_of(const plan::loaded& l) {
    const auto* const n = at(l, "s/a");
    return n && n->kind == plan::node_kind::lock && n->extras ? n->extras->lock.get() : nullptr;
}

}  // namespace

TEST_CASE("a Queue step takes the one permit of its key, for the pipeline or the stage") {
    const auto l = load(queue("{key: <+stage.variables.k>, scope: Stage}"));
    REQUIRE(lock_of(l));
    CHECK(lock_of(l)->key == "<+stage.variables.k>");
    CHECK(lock_of(l)->scope == plan::lock_scope::stage);
    CHECK_FALSE(lock_of(l)->permits.given);
    CHECK_FALSE(lock_of(l)->automatic);
    CHECK(at(l, "s/a")->type == "Queue");
    const auto plain = load(queue("{key: 123}"));
    REQUIRE(lock_of(plain));
    CHECK(lock_of(plain)->key == "123");
    CHECK(lock_of(plain)->scope == plan::lock_scope::pipeline);
}

TEST_CASE("a ResourceConstraint step takes some of several") {
    const auto l = load(constraint("{key: k, capacity: 5, permits: <+x>, scope: Pipeline}"));
    REQUIRE(lock_of(l));
    CHECK(lock_of(l)->capacity.value == 5);
    CHECK(lock_of(l)->permits.expression == "<+x>");
}

TEST_CASE("a malformed lock step is refused, each mistake by its code") {
    CHECK(codes(load(with_steps("- step: {identifier: a, type: Queue}"))) == words{"E0201"});
    CHECK(codes(load(queue("[]"))) == words{"E0203"});
    CHECK(codes(load(queue("{}"))) == words{"E0201"});
    CHECK(codes(load(queue("{key: }"))) == words{"E0201"});
    CHECK(codes(load(queue("{key: ''}"))) == words{"E0204"});
    CHECK(codes(load(queue("{key: [a]}"))) == words{"E0203"});
    CHECK(codes(load(queue("{key: a, permits: 2}"))) == words{"E0202"});
    const auto scope = load(queue("{key: a, scope: Pipelin}"));
    REQUIRE(findings(scope) == words{"E0204@10:72"});
    CHECK(scope.findings.all()[0].help == "did you mean `Pipeline`?");
    CHECK(codes(load(queue("{key: a, scope: {}}"))) == words{"E0203"});
    CHECK(codes(load(constraint("{key: a, permits: 0}"))) == words{"E0204"});
    CHECK(codes(load(constraint("{key: a, capacity: many}"))) == words{"E0204"});
    CHECK(codes(load(constraint("{capacity: 2}"))) == words{"E0201"});
    CHECK(codes(load(constraint("{key: a, permit: 2}"))) == words{"E0202"});
    CHECK(codes(load(queue("<+input>"), {}, true)).empty());
}
