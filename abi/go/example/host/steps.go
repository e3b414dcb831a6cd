// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"encoding/json"
	"errors"

	"weir.example/weir"
)

// workStep takes its time, or ends early when it is to end.
func workStep(ctx context.Context, step weir.Step) (any, error) {
	var spec struct{ MS int }
	if err := json.Unmarshal(step.Spec, &spec); err != nil {
		return nil, err
	}
	return nil, work(ctx, spec.MS)
}

func refuseStep(_ context.Context, step weir.Step) (any, error) {
	var spec struct{ Why string }
	if err := json.Unmarshal(step.Spec, &spec); err != nil {
		return nil, err
	}
	return nil, errors.New(spec.Why)
}
