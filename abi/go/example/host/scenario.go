// SPDX-License-Identifier: BSL-1.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// A scenario is scenario.json: examples/scenario/README.md.
type scenario struct {
	Name     string
	Barriers []struct {
		Name   string
		Cyclic bool
	}
	Tasks    []plannedTask
	Pipeline string
}

type plannedTask struct {
	Name  string
	Steps []plannedStep
}

type plannedStep struct {
	Do        string
	At        string
	Value     any
	TimeoutMS int `json:"timeout_ms"`
	Times     int
	MS        int
	Why       string
	Task      string
}

func readScenario(folder string) (scenario, error) {
	var s scenario
	document, err := os.ReadFile(filepath.Join(folder, "scenario.json"))
	if err == nil {
		err = json.Unmarshal(document, &s)
	}
	return s, err
}
