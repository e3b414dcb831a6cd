// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"weir.example/weir"
)

func TestARefusedDocumentSaysWhere(t *testing.T) {
	document := strings.Replace(pipeline, "identifier: two", "identifier: one", 1)
	_, err := weir.Load([]byte(document), weir.LoadOptions{File: "small.yaml"})
	is(t, err, weir.ErrDocument)
	var refused *weir.DocumentError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	found := refused.Diagnostics[0]
	equal(t, found.Code, "E0205")
	equal(t, found.Severity, "error")
	equal(t, found.File, "small.yaml")
	if found.Line == 0 || found.Message == "" || !strings.Contains(err.Error(), "E0205") {
		t.Error(err)
	}
	_, err = weir.Load(nil, weir.LoadOptions{})
	is(t, err, weir.ErrDocument)
	_, err = weir.Load([]byte(pipeline), weir.LoadOptions{Adapter: "nobody's"})
	if err == nil {
		t.Error("an adapter that nobody has")
	}
}

func TestVariablesAreGivenByName(t *testing.T) {
	document := strings.Replace(pipeline, "kind: fast", "kind: <+input>", 1)
	_, err := weir.Load([]byte(document), weir.LoadOptions{})
	is(t, err, weir.ErrDocument)
	plan := must(weir.Load([]byte(document), weir.LoadOptions{InputsOpen: true}))
	if err := plan.Close(); err != nil {
		t.Error(err)
	}
	_, err = weir.Load([]byte(document), weir.LoadOptions{Variables: map[string]any{"nobody": 1}})
	is(t, err, weir.ErrDocument)
	_, err = weir.Load([]byte(document), weir.LoadOptions{Variables: map[string]any{"c": make(chan int)}})
	if err == nil {
		t.Error("a channel is no value")
	}
}

func TestAPlanIsDescribed(t *testing.T) {
	plan := must(weir.Load([]byte(pipeline), weir.LoadOptions{Runnable: true}))
	if whole := must(plan.Describe(weir.FormatJSON)); !json.Valid([]byte(whole)) {
		t.Error(whole)
	}
	for _, format := range []weir.Format{weir.FormatTree, weir.FormatDOT, weir.FormatMermaid} {
		if drawn := must(plan.Describe(format)); !strings.Contains(drawn, "build") {
			t.Error(drawn)
		}
	}
	_, err := plan.Describe(4711)
	is(t, err, weir.ErrInvalidArgument)
	if err := plan.Close(); err != nil {
		t.Error(err)
	}
	_, err = plan.Describe(weir.FormatTree)
	is(t, err, weir.ErrStale)
}
