// SPDX-License-Identifier: BSL-1.0
// Weir for C++17: all of it, save weir/throw.hpp, for programs that use exceptions,
// weir/await.hpp, for those that use coroutines, and weir/folder.hpp, which reads files.
//
// Every function of weir.h has its place here, with the statuses that it may give as weir.h lists
// them; the comments name the ones that a program is likely to meet. No call throws, save for
// memory that these headers ask for (std::bad_alloc), and nothing but `*_wait` blocks. Tags: [any
// thread] concurrently with everything; [consumer] one thread at a time for that queue; [owner] no
// other call on that object may be under way, as also of moving and destroying it.
#pragma once

#include <weir/barrier.hpp>
#include <weir/batch.hpp>
#include <weir/decision.hpp>
#include <weir/dispatcher.hpp>
#include <weir/error.hpp>
#include <weir/event.hpp>
#include <weir/finding.hpp>
#include <weir/gate.hpp>
#include <weir/lane.hpp>
#include <weir/loop.hpp>
#include <weir/names.hpp>
#include <weir/plan.hpp>
#include <weir/queue.hpp>
#include <weir/resolve.hpp>
#include <weir/run.hpp>
#include <weir/runtime.hpp>
#include <weir/scope.hpp>
#include <weir/step.hpp>
#include <weir/text.hpp>
#include <weir/version.hpp>
