// SPDX-License-Identifier: BSL-1.0

package weir

/*
#include "resolve.h"
*/
import "C"

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sort"
	"strings"
	"unsafe"
)

// ReferenceKind is what a document refers to. A kind that this package does not know is to be answered by
// an error.
type ReferenceKind uint32

// The kinds.
const (
	ReferencePipeline ReferenceKind = C.WEIR_REFERENCE_PIPELINE  // a stage of type Pipeline runs it
	ReferenceTemplate ReferenceKind = C.WEIR_REFERENCE_TEMPLATE  // a templateRef
	ReferenceInputSet ReferenceKind = C.WEIR_REFERENCE_INPUT_SET // of an overlay, or a Pipeline stage
	ReferenceParent   ReferenceKind = C.WEIR_REFERENCE_PARENT    // a pipeline one of whose stages runs Identifier
	ReferenceValue    ReferenceKind = C.WEIR_REFERENCE_VALUE     // what only the host knows: `secrets.getValue("x")`
)

func (k ReferenceKind) String() string {
	names := map[ReferenceKind]string{
		ReferencePipeline: "pipeline", ReferenceTemplate: "template", ReferenceInputSet: "input set",
		ReferenceParent: "parent", ReferenceValue: "value",
	}
	if name, known := names[k]; known {
		return name
	}
	return fmt.Sprintf("reference %d", uint32(k))
}

// Level is where a template is looked for.
type Level uint32

// The levels: the reference begins with `account.` or `org.`, or does not.
const (
	LevelProject      Level = C.WEIR_LEVEL_PROJECT
	LevelOrganization Level = C.WEIR_LEVEL_ORGANIZATION
	LevelAccount      Level = C.WEIR_LEVEL_ACCOUNT
)

// Reference is what a document looks for. What it does not say is empty.
type Reference struct {
	Kind       ReferenceKind
	Level      Level
	Identifier string // without its level; of a value, what stands in the expression
	Version    string // a template's; empty: the stable one
	Org        string
	Project    string
	Pipeline   string // an input set's
}

// Document is a document, and its name in diagnostics: the same for the same document.
type Document struct {
	Text []byte
	File string
}

// ResolveFS finds pipelines, templates and input sets among the files of fsys, for [LoadOptions].Resolve:
// NAME.yaml, NAME.yml or NAME.json by identifier, and of a template with a version NAME-VERSION.yaml and
// so on before. It knows no values.
//
//	weir.LoadOptions{Resolve: weir.ResolveFS(os.DirFS("pipelines"))}
func ResolveFS(fsys fs.FS) func(Reference) (Document, error) {
	return func(wanted Reference) (Document, error) {
		if wanted.Kind > ReferenceInputSet {
			return Document{}, fs.ErrNotExist
		}
		names := []string{wanted.Identifier}
		if wanted.Version != "" {
			names = []string{wanted.Identifier + "-" + wanted.Version, wanted.Identifier}
		}
		for _, name := range names {
			for _, ending := range []string{".yaml", ".yml", ".json"} {
				if strings.ContainsAny(name, `/\`) {
					continue // a file of the folder, not one elsewhere
				}
				text, err := fs.ReadFile(fsys, name+ending)
				if err == nil {
					return Document{text, name + ending}, nil
				}
				if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
					return Document{}, err
				}
			}
		}
		return Document{}, fs.ErrNotExist
	}
}

// A resolver loads a document, again and again, until all that it refers to has been asked for: once for
// each level. So C never calls Go, and Resolve may do whatever Go does: wait, panic, or end its goroutine.
type resolver struct {
	resolve func(Reference) (Document, error)
	known   map[string]*C.answer // by key
	errs    []error              // what resolve gave, other than that there is nothing
	state   *C.answers           // C's memory, as is all that it points to
}

func newResolver(resolve func(Reference) (Document, error)) *resolver {
	return &resolver{
		resolve: resolve,
		known:   map[string]*C.answer{},
		state:   (*C.answers)(C.calloc(1, C.size_t(unsafe.Sizeof(C.answers{})))),
	}
}

// more asks for what the last load has noted. False: there was nothing, and the load is as it is.
func (r *resolver) more() bool {
	noted := unsafe.Slice((*byte)(unsafe.Pointer(r.state.noted)), int(r.state.noted_length))
	noted = append([]byte(nil), noted...) // who is asked may load documents, but not with this state
	r.state.noted_length = 0
	for len(noted) > 0 {
		wanted, size := readKey(noted)
		key := string(noted[:size])
		noted = noted[size:]
		if r.known[key] == nil {
			r.known[key] = r.ask(key, wanted)
		}
	}
	grown := len(r.known) > int(r.state.count)
	if grown {
		r.sort()
	}
	return grown
}

// readKey reads the first of several.
func readKey(from []byte) (wanted Reference, size int) {
	wanted.Kind, wanted.Level = ReferenceKind(from[0]), Level(from[1])
	size = 2
	for _, text := range []*string{
		&wanted.Identifier, &wanted.Version, &wanted.Org, &wanted.Project, &wanted.Pipeline,
	} {
		length := int(binary.LittleEndian.Uint32(from[size:]))
		size += 4
		*text = string(from[size : size+length])
		size += length
	}
	return wanted, size
}

func (r *resolver) ask(key string, wanted Reference) *C.answer {
	found, err := r.resolve(wanted)
	made := (*C.answer)(C.calloc(1, C.size_t(unsafe.Sizeof(C.answer{}))))
	made.key, made.key_length = inC(key), length(key)
	if err == nil {
		made.text, made.text_length = inC(string(found.Text)), C.uint64_t(len(found.Text))
		made.file, made.file_length = inC(found.File), length(found.File)
		return made
	}
	made.status = C.WEIR_E_NOT_FOUND
	if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrNotFound) {
		why := words(err.Error())
		if len(why) > mostOfWhy {
			why = strings.ToValidUTF8(why[:mostOfWhy], "")
		}
		made.status = C.WEIR_E_DOCUMENT
		made.why, made.why_length = inC(why), length(why)
		r.errs = append(r.errs, err)
	}
	return made
}

const mostOfWhy = 4096 // bytes of an error that a finding tells

// inC copies to C's memory; nil of nothing.
func inC(text string) *C.char {
	if text == "" {
		return nil
	}
	return (*C.char)(C.CBytes([]byte(text)))
}

// length is LENGTH in Go.
func length(of string) C.uint32_t {
	if uint64(len(of)) > math.MaxUint32 {
		return math.MaxUint32
	}
	return C.uint32_t(len(of))
}

func (r *resolver) sort() {
	keys := make([]string, 0, len(r.known))
	for key := range r.known {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	C.free(unsafe.Pointer(r.state.all))
	all := (*C.answer)(C.calloc(C.size_t(len(keys)), C.size_t(unsafe.Sizeof(C.answer{}))))
	row := unsafe.Slice(all, len(keys))
	for i, key := range keys {
		row[i] = *r.known[key]
	}
	r.state.all, r.state.count = all, C.size_t(len(keys))
}

func (r *resolver) free() {
	for _, known := range r.known {
		for _, text := range []*C.char{known.key, known.text, known.file, known.why} {
			C.free(unsafe.Pointer(text))
		}
		C.free(unsafe.Pointer(known))
	}
	C.free(unsafe.Pointer(r.state.all))
	C.free(unsafe.Pointer(r.state.noted))
	C.free(unsafe.Pointer(r.state))
}
