// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include <weir/weir.h>

#include "length.h"
#include "resolve.h"

static weir_status load(const char *document, uint64_t length, uint32_t flags, _GoString_ adapter,
                        _GoString_ file, _GoString_ variables, const weir_document *inputs,
                        uint32_t input_count, uint32_t most_levels, answers *from, weir_plan *plan,
                        weir_text *diagnostics, weir_error *error) {
    weir_load_options o = {.struct_size = sizeof o, .flags = flags};
    o.adapter = _GoStringLen(adapter) != 0 ? _GoStringPtr(adapter) : NULL;
    o.adapter_length = LENGTH(adapter);
    o.file = _GoStringLen(file) != 0 ? _GoStringPtr(file) : NULL;
    o.file_length = LENGTH(file);
    o.variables = _GoStringLen(variables) != 0 ? _GoStringPtr(variables) : NULL;
    o.variables_length = LENGTH(variables);
    o.inputs = inputs;
    o.input_count = input_count;
    o.most_levels = most_levels;
    o.resolve = from != NULL ? answer_from : NULL;
    o.resolve_context = from;
    return weir_plan_load(document, length, &o, plan, diagnostics, error);
}
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

// LoadOptions says how a document is read.
type LoadOptions struct {
	CompatHarness bool           // Harness's own behaviour where ours differs: docs/compat.md
	InputsOpen    bool           // a runtime input that is not given is an unknown, not an error
	Runnable      bool           // refuse also what loads but cannot be run by this version
	SlotsRelease  bool           // a loop's instance that waits gives its slot to the next, unless the loop says
	AllowUnproved bool           // accept what was not found out to be free of deadlocks
	Adapter       string         // "harness" or "plan" (plan JSON); empty: detected
	File          string         // the document's name in diagnostics
	Variables     map[string]any // pipeline variables and inputs, by name
	Inputs        []Document     // input sets, of which a later one wins, and Variables over all: docs/inputs.md
	MostLevels    uint32         // of pipelines or templates in each other; 0: 16, at most 64

	// Resolve finds what the document refers to: child pipelines, templates, input sets, and values that
	// only the host knows. It is called before Load returns, on its goroutine, once for each reference.
	// An error that is [io/fs.ErrNotExist] or [ErrNotFound] says that there is none; with any other one
	// the document is refused too, and errors.Is and errors.As find it in the [*DocumentError]. The
	// document is read once for each level of what it refers to. See [ResolveFS].
	Resolve func(Reference) (Document, error)
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

// DocumentError is a document that was refused. errors.Is finds [ErrDocument] in it, and what
// [LoadOptions].Resolve failed with.
type DocumentError struct {
	Diagnostics []Diagnostic
	causes      []error
}

func (e *DocumentError) Error() string {
	lines := []string{ErrDocument.Error()}
	for _, found := range e.Diagnostics {
		lines = append(lines, found.String())
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives [ErrDocument].
func (e *DocumentError) Unwrap() error { return ErrDocument }

// Is looks among what Resolve failed with.
func (e *DocumentError) Is(target error) bool {
	for _, cause := range e.causes {
		if errors.Is(cause, target) {
			return true
		}
	}
	return false
}

// As looks there, too.
func (e *DocumentError) As(target any) bool {
	for _, cause := range e.causes {
		if errors.As(cause, target) {
			return true
		}
	}
	return false
}

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
	inputs := inputsInC(o.Inputs)
	defer inputs.free()
	if o.Resolve == nil {
		return o.load(document, variables, inputs, nil)
	}
	from := newResolver(o.Resolve)
	defer from.free()
	for {
		plan, err := o.load(document, variables, inputs, from)
		if !from.more() {
			return plan, err
		}
		if err == nil {
			plan.Close() // it did without something that there may be
		}
	}
}

// load reads the document with what is known.
func (o LoadOptions) load(document []byte, variables string, inputs inputRow, from *resolver) (*Plan, error) {
	var p Plan
	var found C.weir_text
	var data *C.char
	var answers *C.answers
	if len(document) > 0 {
		data = (*C.char)(unsafe.Pointer(&document[0]))
	}
	if from != nil {
		answers = from.state
	}
	told := newError()
	status := C.load(data, C.uint64_t(len(document)), o.flags(), o.Adapter, o.File, variables, inputs.first(),
		C.uint32_t(len(inputs)), C.uint32_t(o.MostLevels), answers, &p.handle, &found, told)
	if found != 0 {
		if err := json.Unmarshal([]byte(text(found)), &p.Diagnostics); err != nil {
			return nil, err
		}
	}
	if status == C.WEIR_E_DOCUMENT {
		refused := &DocumentError{Diagnostics: p.Diagnostics}
		if from != nil {
			refused.causes = from.errs
		}
		return nil, refused
	}
	if err := refusedWith("weir_plan_load", status, told); err != nil {
		return nil, err
	}
	return &p, nil
}

// An inputRow is input sets in C's memory.
type inputRow []C.weir_document

func inputsInC(given []Document) inputRow {
	if len(given) == 0 {
		return nil
	}
	memory := C.calloc(C.size_t(len(given)), C.size_t(unsafe.Sizeof(C.weir_document{})))
	row := unsafe.Slice((*C.weir_document)(memory), len(given))
	for i, document := range given {
		row[i].struct_size = C.uint32_t(unsafe.Sizeof(row[i]))
		row[i].text, row[i].text_length = inC(string(document.Text)), C.uint64_t(len(document.Text))
		row[i].file, row[i].file_length = inC(document.File), length(document.File)
	}
	return row
}

func (r inputRow) first() *C.weir_document {
	if len(r) == 0 {
		return nil
	}
	return &r[0]
}

func (r inputRow) free() {
	for _, document := range r {
		C.free(unsafe.Pointer(document.text))
		C.free(unsafe.Pointer(document.file))
	}
	C.free(unsafe.Pointer(r.first()))
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
