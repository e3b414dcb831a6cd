// SPDX-License-Identifier: BSL-1.0

package weir

// #include <weir/weir.h>
import "C"

import (
	"encoding/json"
	"strings"
	"unsafe"
)

// text copies what the library wrote, and releases it.
func text(written C.weir_text) string {
	var data *C.char
	var length C.uint32_t
	if C.weir_text_view(written, &data, &length) != C.WEIR_OK {
		return ""
	}
	defer C.weir_text_release(written)
	return stringOf(data, length)
}

// encoded is a value as JSON, and nothing of nil.
func encoded(value any) (string, error) {
	if value == nil {
		return "", nil
	}
	written, err := json.Marshal(value)
	return string(written), err
}

// words makes of any error's message what the library takes as text.
func words(message string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(message, "\uFFFD"), "\x00", "\uFFFD")
}

// stringOf copies what the library points at, of any length that it can say.
func stringOf(data *C.char, length C.uint32_t) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(data)), int(length)))
}

// bytesOf copies what an event points at; nil of nothing.
func bytesOf(data *C.char, length C.uint32_t) []byte {
	if data == nil {
		return nil
	}
	return []byte(stringOf(data, length))
}
