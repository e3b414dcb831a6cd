// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

static weir_status load(_GoString_ document, uint32_t flags, _GoString_ adapter, _GoString_ file,
                        _GoString_ variables, weir_plan *plan, weir_text *diagnostics,
                        weir_error *error) {
    weir_load_options o = {.struct_size = sizeof o, .flags = flags};
    o.adapter = _GoStringLen(adapter) != 0 ? _GoStringPtr(adapter) : NULL;
    o.adapter_length = (uint32_t)_GoStringLen(adapter);
    o.file = _GoStringLen(file) != 0 ? _GoStringPtr(file) : NULL;
    o.file_length = (uint32_t)_GoStringLen(file);
    o.variables = _GoStringLen(variables) != 0 ? _GoStringPtr(variables) : NULL;
    o.variables_length = (uint32_t)_GoStringLen(variables);
    return weir_plan_load(_GoStringPtr(document), _GoStringLen(document), &o, plan, diagnostics,
                          error);
}
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"strings"
)

// LoadOptions says how a document is read.
type LoadOptions struct {
	CompatHarness bool           // Harness's own behaviour where ours differs: docs/compat.md
	InputsOpen    bool           // a runtime input that is not given is an unknown, not an error
	Runnable      bool           // refuse also what loads but cannot be run by this version
	SlotsRelease  bool           // a loop's instance that waits gives its slot to the next, unless the loop says
	AllowUnproved bool           // accept what was not found out to be free of deadlocks
	Adapter       string         // "harness"; empty: detected
	File          string         // the document's name in diagnostics
	Variables     map[string]any // pipeline variables and inputs, by name
}

// Diagnostic is a finding about a document. Lines and columns count from 1; line 0 is no position.
type Diagnostic struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"` // "error" or "warning"
	Message   string `json:"message"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Path      string `json:"path"` // of the node
	Help      string `json:"help"`
	Notes     []Note `json:"notes"`
}

// Note is another place that a finding speaks of.
type Note struct {
	Message string `json:"message"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s %s: %s", d.File, d.Line, d.Column, d.Severity, d.Code, d.Message)
}

// DocumentError is a document that was refused. errors.Is finds [ErrDocument] in it.
type DocumentError struct{ Diagnostics []Diagnostic }

func (e *DocumentError) Error() string {
	lines := []string{ErrDocument.Error()}
	for _, found := range e.Diagnostics {
		lines = append(lines, found.String())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives [ErrDocument].
func (e *DocumentError) Unwrap() error { return ErrDocument }

// Plan is a document that was read: immutable, for any number of runs.
type Plan struct {
	Diagnostics []Diagnostic // warnings
	handle      C.weir_plan
}

// Load reads a document. One that is refused is a [*DocumentError].
func Load(document []byte, o LoadOptions) (*Plan, error) {
	variables := ""
	if o.Variables != nil {
		written, err := json.Marshal(o.Variables)
		if err != nil {
			return nil, err
		}
		variables = string(written)
	}
	var p Plan
	var found C.weir_text
	told := newError()
	status := C.load(string(document), o.flags(), o.Adapter, o.File, variables, &p.handle, &found, told)
	if found != 0 {
		if err := json.Unmarshal([]byte(text(found)), &p.Diagnostics); err != nil {
			return nil, err
		}
	}
	if status == C.WEIR_E_DOCUMENT {
		return nil, &DocumentError{p.Diagnostics}
	}
	if err := refusedWith("weir_plan_load", status, told); err != nil {
		return nil, err
	}
	return &p, nil
}

func (o LoadOptions) flags() (flags C.uint32_t) {
	for _, flag := range []struct {
		on   bool
		what C.uint32_t
	}{
		{o.CompatHarness, C.WEIR_LOAD_COMPAT_HARNESS},
		{o.InputsOpen, C.WEIR_LOAD_INPUTS_OPEN},
		{o.Runnable, C.WEIR_LOAD_RUNNABLE},
		{o.SlotsRelease, C.WEIR_LOAD_SLOTS_RELEASE},
		{o.AllowUnproved, C.WEIR_LOAD_ALLOW_UNPROVED},
	} {
		if flag.on {
			flags |= flag.what
		}
	}
	return flags
}

// Format is a way to write a plan down.
type Format uint32

// The formats.
const (
	FormatJSON    Format = C.WEIR_FORMAT_JSON
	FormatTree    Format = C.WEIR_FORMAT_TREE
	FormatDOT     Format = C.WEIR_FORMAT_DOT
	FormatMermaid Format = C.WEIR_FORMAT_MERMAID
	FormatSlots   Format = C.WEIR_FORMAT_SLOTS // JSON: how few slots its loops could do with
)

// Describe writes the plan down.
func (p *Plan) Describe(as Format) (string, error) {
	var written C.weir_text
	status := C.weir_plan_describe(p.handle, C.weir_format(as), &written)
	if err := refused("weir_plan_describe", status); err != nil {
		return "", err
	}
	return text(written), nil
}

// Close releases the plan. Runs that were started from it go on.
func (p *Plan) Close() error {
	return refused("weir_plan_release", C.weir_plan_release(p.handle))
}
