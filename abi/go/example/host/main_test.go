// SPDX-License-Identifier: BSL-1.0

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func folder() string {
	if named := os.Getenv("WEIR_SCENARIO"); named != "" {
		return named
	}
	return "../../../../examples/scenario"
}

func TestTheScenariosTrace(t *testing.T) {
	want, err := os.ReadFile(filepath.Join(folder(), "trace.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 10; i++ {
		d, err := carryOut(context.Background(), folder())
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		d.print(&got)
		if !bytes.Equal(got.Bytes(), want) {
			t.Fatalf("%s", got.Bytes())
		}
	}
}

func TestADayThatIsCancelledEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d, err := carryOut(ctx, folder())
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err == nil && d.tasks["linux"].outcome.String() != "cancelled" {
		t.Error(d.tasks["linux"].outcome)
	}
}
