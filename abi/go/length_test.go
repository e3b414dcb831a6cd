// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"math"
	"strconv"
	"syscall"
	"testing"
	"unsafe"

	"weir.example/weir"
)

// long is a text of more than 4 GiB, "gate" and zeros: address space, of which one page is touched.
func long(t *testing.T) (text string, free func()) {
	if strconv.IntSize < 64 {
		t.Skip("there are no such texts")
	}
	size := int64(math.MaxUint32) + 5
	const how = syscall.MAP_PRIVATE | syscall.MAP_ANON | syscall.MAP_NORESERVE
	memory, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, how)
	if err != nil {
		t.Skip("there is no address space: ", err)
	}
	copy(memory, "gate")
	return *(*string)(unsafe.Pointer(&memory)), func() { syscall.Munmap(memory) }
}

// Cut to 32 bits, each of these would be "gate".
func TestATextThatIsTooLongIsRefusedNotCut(t *testing.T) {
	text, free := long(t)
	defer free()
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	gate := must(h.scope.Declare("gate", weir.BarrierOptions{Parties: 1}))
	_, err := h.scope.Find(text)
	is(t, err, weir.ErrInvalidArgument)
	_, err = h.scope.Declare(text, weir.BarrierOptions{})
	is(t, err, weir.ErrInvalidArgument)
	_, err = h.scope.OpenLane(text)
	is(t, err, weir.ErrInvalidArgument)
	_, err = h.scope.OpenGate(text, 1)
	is(t, err, weir.ErrInvalidArgument)
	_, err = h.runtime.OpenScope(h.queue, weir.ScopeOptions{Name: text})
	is(t, err, weir.ErrInvalidArgument)
	_, err = weir.OpenLoop(text, weir.LoopOptions{})
	is(t, err, weir.ErrInvalidArgument)
	for _, o := range []weir.LoadOptions{{File: text}, {Adapter: text}} {
		_, err = weir.Load([]byte(pipeline), o)
		is(t, err, weir.ErrInvalidArgument)
	}
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{}))
	defer plan.Close()
	_, err = h.runtime.Start(context.Background(), h.queue, plan, weir.RunOptions{ID: text})
	is(t, err, weir.ErrInvalidArgument)
	if err := gate.Break(); err != nil {
		t.Error(err)
	}
}
