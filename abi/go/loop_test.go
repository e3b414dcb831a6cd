// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"strings"
	"testing"

	"weir.example/weir"
)

func TestALoopGivesItsInstancesInOrder(t *testing.T) {
	loop := must(weir.OpenLoop(`{matrix: {os: [linux, mac], n: [0, 1]}, maxConcurrency: 2}`, weir.LoopOptions{}))
	equal(t, loop.Count, 4)
	equal(t, loop.Concurrency, 2)
	var suffixes, values []string
	for loop.Next() {
		equal(t, loop.Instance().Index, uint64(len(suffixes)))
		suffixes = append(suffixes, loop.Instance().Suffix)
		values = append(values, string(loop.Instance().Values))
	}
	if err := loop.Err(); err != nil {
		t.Error(err)
	}
	equal(t, strings.Join(suffixes, " "), "_0_0 _0_1 _1_0 _1_1")
	if !strings.Contains(values[0], `"linux"`) {
		t.Error(values)
	}
	equal(t, loop.Next(), false)
	if err := loop.Close(); err != nil {
		t.Error(err)
	}
	is(t, loop.Close(), weir.ErrStale)
}

func TestALoopIsExpandedAsItIsAskedFor(t *testing.T) {
	loop := must(weir.OpenLoop(`{repeat: {times: 1000}}`, weir.LoopOptions{Labels: true, CompatHarness: true}))
	count := uint64(0)
	for ; loop.Next(); count++ {
		equal(t, loop.Instance().Index, count)
	}
	equal(t, count, 1000)
	if err := loop.Close(); err != nil {
		t.Error(err)
	}
	equal(t, loop.Next(), false)
	is(t, loop.Err(), weir.ErrStale)
}

func TestARefusedLoopSaysWhyAndWhere(t *testing.T) {
	_, err := weir.OpenLoop(`{matrix: 5}`, weir.LoopOptions{})
	is(t, err, weir.ErrDocument)
	if !strings.Contains(err.Error(), "1:10") {
		t.Error(err)
	}
	_, err = weir.OpenLoop(`{parallel: 2}`, weir.LoopOptions{Dialect: "gitlob"})
	is(t, err, weir.ErrInvalidArgument)
	_, err = weir.OpenLoop(`{repeat: {times: 4}}`, weir.LoopOptions{Most: 3})
	if err == nil {
		t.Error("more than the most")
	}
}

func TestALoopMayBeWrittenAsAnotherEngineHasIt(t *testing.T) {
	loop := must(weir.OpenLoop(`{parallel: 2}`, weir.LoopOptions{Dialect: "gitlab"}))
	equal(t, loop.Next(), true)
	equal(t, loop.Instance().Suffix, " 1/2")
	is(t, loop.Close(), nil)
}
