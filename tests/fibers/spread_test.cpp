// SPDX-License-Identifier: BSL-1.0
#include "fibers/spread.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

TEST_CASE("few lanes stay on one worker, the next few on another") {
    world here{{.workers = 2}};
    const spread few{here.rt(), 2 * spread::least_block - 1};
    CHECK(few.blocks() == 1);
    CHECK(few.at(0).first == 0);
    CHECK(few.at(0).count == 2 * spread::least_block - 1);
    const spread more{here.rt(), 16};
    CHECK(more.at(0).home != few.at(0).home);
    CHECK(spread{here.rt(), 0}.blocks() == 1);
}

TEST_CASE("many lanes are cut into blocks of neighbours, one a worker, none left out") {
    world here{{.workers = worker_counts()}};
    for (std::size_t lanes : {1'000, 1'001, 2'003, 1'000'003}) {
        const spread s{here.rt(), lanes};
        CHECK(s.blocks() == std::min<std::size_t>(here->workers(), lanes / spread::least_block));
        std::size_t next = 0;
        std::vector<worker*> homes;
        for (std::size_t i = 0; i < s.blocks(); ++i) {
            const spread::block b = s.at(i);
            CHECK(b.first == next);
            CHECK(b.count >= lanes / s.blocks());
            CHECK(b.count <= lanes / s.blocks() + 1);
            next += b.count;
            homes.push_back(b.home);
        }
        CHECK(next == lanes);
        std::sort(homes.begin(), homes.end());
        CHECK(std::unique(homes.begin(), homes.end()) == homes.end());
    }
}
