// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Intervention is a failure about which a person is to be asked.
type Intervention struct {
	Path    string        // the step's
	Attempt uint32        // which try failed: 1 for the first
	Kind    string        // of failure, as docs/failures.md has them
	Message string        // why it failed
	Timeout time.Duration // how long it may take; then what the document says for that is done
}

// onTimeout is what is answered by who does not know: what the document says for that is done at once.
const onTimeout = "on_timeout"

// intervenes asks the handler, on a goroutine of its own.
func (r *Run) intervenes(event *C.weir_event) {
	if r.options.Intervene == nil {
		return
	}
	wanted := Intervention{Path: stringOf(event.path, event.path_length), Attempt: uint32(event.attempt)}
	var told struct {
		Error     struct{ Kind, Message string }
		TimeoutMS int64 `json:"timeout_ms"`
	}
	json.Unmarshal(bytesOf(event.input, event.input_length), &told) // the library's own: it is well formed
	wanted.Kind, wanted.Message = told.Error.Kind, told.Error.Message
	wanted.Timeout = time.Duration(told.TimeoutMS) * time.Millisecond
	ctx, cancel := context.WithCancel(valuesOf{r.context})
	r.asked[wanted.Path] = cancel
	go r.answerFor(ctx, wanted)
}

// closed ends the asking, whoever has answered.
func (r *Run) closed(path string) {
	if cancel := r.asked[path]; cancel != nil {
		cancel()
		delete(r.asked, path)
	}
}

func (r *Run) answerFor(ctx context.Context, wanted Intervention) {
	action, err := "", errors.New("the handler ended its goroutine")
	defer func() {
		if err == nil && action != "" {
			if err = r.Intervene(ctx, wanted.Path, action, wanted.Attempt, ""); err == nil {
				return
			}
		}
		if ctx.Err() == nil { // else it is over
			r.Intervene(ctx, wanted.Path, onTimeout, wanted.Attempt, why(err))
		}
	}()
	action, err = r.options.Intervene(ctx, wanted)
}

func why(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
