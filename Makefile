# SPDX-License-Identifier: BSL-1.0
# A thin front: the work is done by CMake's presets and the scripts named here.
.PHONY: build demo test bench nightly format tidy clean

build:
	cmake/packages/install build
	cmake/build release

demo: build
	build/release/bin/weir run examples/pipelines/release-train.yaml

test:
	cmake/packages/install build test fuzz $(if $(CI),languages)
	cmake/test quick

# WHAT: of "barrier wake memory languages"; MAXN: the greatest N; ROUNDS: how often each program runs.
bench:
	cmake/packages/install build test
	WHAT="$(WHAT)" MAXN="$(MAXN)" ROUNDS="$(ROUNDS)" cmake/test bench

nightly:
	cmake/packages/install build test fuzz
	cmake/test nightly

format:
	cmake/packages/install develop
	git ls-files '*.cpp' '*.hpp' '*.c' '*.h' | xargs clang-format -i

tidy:
	cmake/packages/install build develop
	cmake/build debug
	git ls-files '*.cpp' | xargs clang-tidy --quiet -p build/debug

clean:
	rm -rf build/release build/debug build/asan build/tsan build/fuzz
