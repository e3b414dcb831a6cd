// SPDX-License-Identifier: BSL-1.0

// Package weir gives workflow engines barriers and looping strategies: the Go binding of libweir.
//
// A [Runtime] keeps the time and walks plans; a [Queue] carries what they tell. There are two ways in,
// which may share both:
//
//   - [Load] a pipeline as a [Plan] and start a [Run] of it: steps are carried out by a plain Go function,
//     a [Handler], each on a goroutine of its own, whose context ends when the step is to end. What the
//     pipeline refers to is found by [LoadOptions].Resolve.
//   - With control flow of your own, open a [Scope], its lanes and barriers, and let the lanes meet:
//     [Lane.Arrive] waits as any Go code waits, with a context, and so does [Lane.TakeSlot].
//
// [OpenLoop] walks a looping strategy by itself.
//
// # Goroutines and threads
//
// Each queue has one goroutine, which sleeps in Go's network poller while there is nothing to tell: no
// OS thread is held by who waits, and C never calls Go. A lane that waits in [Lane.Arrive] is its caller's
// goroutine; lanes that arrive by [Lane.Begin] or [Barrier.ArriveAll] need none.
//
// Every function may be called from any goroutine. Functions that the package calls for you
// ([RunOptions].Observe, [ScopeOptions].Observe) run on the queue's goroutine, in the order in which
// things happened: they must not wait, nor close the queue.
//
// # Errors
//
// A call that the library refuses returns an [*Error]; errors.Is finds its [Status], such as [ErrStale].
// A handle that was closed is stale for ever, never another object: using it, or closing it twice, is an
// error and nothing worse. Close scopes before their queue, and both before the runtime: what is in use is
// [ErrBusy], and stays.
package weir
