// SPDX-License-Identifier: BSL-1.0

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"weir.example/weir"
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
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"linux", "mac"} {
		if outcome := d.tasks[name].outcome; outcome != weir.Cancelled {
			t.Error(name, outcome)
		}
	}
}
