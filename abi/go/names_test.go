// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"errors"
	"testing"

	"weir.example/weir"
)

func TestTheLibrarySpeaksThisPackagesABI(t *testing.T) {
	major, minor := weir.ABIVersion()
	if major != weir.ABIMajor || minor < weir.ABIMinor {
		t.Errorf("ABI %d.%d", major, minor)
	}
	if weir.Version() == "" {
		t.Error("no version")
	}
}

func TestNamesAreTheLibrarys(t *testing.T) {
	equal(t, weir.TimedOut.String(), "timed_out")
	equal(t, weir.ReasonByHand.String(), "by hand")
	equal(t, weir.EventBarrierReleased.String(), "barrier.released")
	equal(t, weir.ErrStale.Name(), "WEIR_E_STALE")
	equal(t, weir.Outcome(4711).String(), "unknown")
}

func TestARefusedCallSaysWhichAndWhy(t *testing.T) {
	_, err := weir.NewRuntime(weir.RuntimeOptions{Polled: true, Workers: 2})
	is(t, err, weir.ErrInvalidArgument)
	var refused *weir.Error
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	equal(t, refused.Call, "weir_runtime_create")
	if refused.Text == weir.ErrInvalidArgument.Error() {
		t.Error("the library's own words are lost")
	}
}
