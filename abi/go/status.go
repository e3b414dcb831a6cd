// SPDX-License-Identifier: BSL-1.0

package weir

// #cgo LDFLAGS: -lweir
// #include <weir/weir.h>
import "C"

import "unsafe"

// Status is why the library refused a call. It is an error itself, which errors.Is finds in an [*Error].
type Status int32

// What a call may be refused for; weir.h says which call for which.
const (
	ErrInvalidArgument Status = C.WEIR_E_INVALID_ARGUMENT // nil, out of range, contradictory
	ErrStructSize      Status = C.WEIR_E_STRUCT_SIZE      // the library is older than this package
	ErrVersion         Status = C.WEIR_E_VERSION          // not a version that the library speaks
	ErrStale           Status = C.WEIR_E_STALE            // never valid, or ended
	ErrBadState        Status = C.WEIR_E_BAD_STATE        // does not fit what the object is doing
	ErrClosed          Status = C.WEIR_E_CLOSED           // shutting down, takes no more calls
	ErrLimit           Status = C.WEIR_E_LIMIT            // descriptors, handles, places in a queue
	ErrNoMemory        Status = C.WEIR_E_NO_MEMORY
	ErrDocument        Status = C.WEIR_E_DOCUMENT // refused: see [DocumentError]
	ErrNotUTF8         Status = C.WEIR_E_NOT_UTF8
	ErrNotJSON         Status = C.WEIR_E_NOT_JSON
	ErrForked          Status = C.WEIR_E_FORKED       // the object belongs to the parent process
	ErrBusy            Status = C.WEIR_E_BUSY         // someone else polls, or runs go on
	ErrInternal        Status = C.WEIR_E_INTERNAL     // a bug of the library: please report it
	ErrExists          Status = C.WEIR_E_EXISTS       // the name is taken in that scope
	ErrNotFound        Status = C.WEIR_E_NOT_FOUND    // no such name, here or in a parent
	ErrNotExpected     Status = C.WEIR_E_NOT_EXPECTED // the lane is no party of that barrier
	ErrDecided         Status = C.WEIR_E_DECIDED      // too late: the barrier has decided
	ErrForbidden       Status = C.WEIR_E_FORBIDDEN    // not inside a function that the library calls
)

// Error is the library's one line about the status.
func (s Status) Error() string { return C.GoString(C.weir_status_text(C.weir_status(s))) }

// Name is the status as weir.h writes it: "WEIR_E_STALE".
func (s Status) Name() string { return C.GoString(C.weir_status_name(C.weir_status(s))) }

// Error is a call that the library refused.
type Error struct {
	Call   string // the function of weir.h
	Status Status
	Text   string // what was wrong, in the library's words
}

func (e *Error) Error() string { return e.Call + ": " + e.Text }

// Unwrap gives the status, for errors.Is.
func (e *Error) Unwrap() error { return e.Status }

// refused is nil for WEIR_OK.
func refused(call string, status C.weir_status) error {
	if status == C.WEIR_OK {
		return nil
	}
	return &Error{Call: call, Status: Status(status), Text: Status(status).Error()}
}

func newError() *C.weir_error {
	return &C.weir_error{struct_size: C.uint32_t(unsafe.Sizeof(C.weir_error{}))}
}

// refusedWith prefers what the library told about this very call.
func refusedWith(call string, status C.weir_status, told *C.weir_error) error {
	err := refused(call, status)
	if e, ok := err.(*Error); ok && told.text[0] != 0 {
		e.Text = C.GoString(&told.text[0])
	}
	return err
}
