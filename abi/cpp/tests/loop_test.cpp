// SPDX-License-Identifier: BSL-1.0
#include "abi/cpp/tests/host.hpp"

TEST(a_loop_gives_its_instances_in_order) {
    weir::loop loop =
        made(weir::loop::open("{matrix: {os: [linux, mac], arch: [x86, arm], exclude: [{os: mac, "
                              "arch: x86}]}, maxConcurrency: 2}"));
    CHECK(loop.concurrency() == 2);
    weir::instances some(2);
    std::uint64_t index = 0;
    while (loop.next(some) && !some.empty()) {
        for (const weir::instance& each : some) {
            CHECK(each.index() == index++);
            CHECK(each.values().find("\"os\"") != std::string_view::npos);
            if (index == 1)
                CHECK(each.suffix() == "_0_0");
        }
    }
    CHECK(index == 3 && loop.count() == 3);
    weir::loop moved = std::move(loop);
    CHECK(moved.count() == 3 && moved.close() && moved.close().code() == weir::status::stale);
    CHECK(moved.next(some).code() == weir::status::stale && some.empty());
}

TEST(labels_and_limits_of_loops) {
    weir::loop_options how;
    how.labels = how.compat_harness = true;
    weir::loop loop = made(weir::loop::open("{matrix: {os: [linux]}}", how));
    weir::instances some;
    CHECK(loop.next(some) && some.size() == 1);
    CHECK(some[0].suffix().find("linux") != std::string_view::npos);
    how.most = 3;
    CHECK(!weir::loop::open("{repeat: {times: 4}}", how));

    weir::loop_options argo;
    argo.dialect = "argo";
    weir::findings found;
    weir::loop down = made(weir::loop::open("withSequence: {start: 2, end: 1}", argo, &found));
    CHECK(down.count() == 2 && found.list().size() == 1);
    CHECK(down.next(some) && some[1].suffix() == "(1:1)" && some[1].values() == "{\"item\":\"1\"}");
    argo.dialect = "cargo";
    CHECK(weir::loop::open("", argo).code() == weir::status::invalid_argument);

    const auto refused = weir::loop::open("{matrix: 5}");
    CHECK(refused.code() == weir::status::document);
    CHECK(refused.error().text().find("1:10") != std::string_view::npos);
}
