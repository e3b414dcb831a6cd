// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"weir.example/weir"
)

var children = func() fs.FS {
	scenario := os.Getenv("WEIR_SCENARIO")
	if scenario == "" {
		scenario = filepath.Join("..", "..", "examples", "scenario")
	}
	return os.DirFS(filepath.Join(scenario, "children"))
}()

func childText(name string) []byte { return must(fs.ReadFile(children, name)) }

// resolve finds all that release.yaml refers to.
func resolve(wanted weir.Reference) (weir.Document, error) {
	if wanted.Kind == weir.ReferenceValue && wanted.Identifier == `secrets.getValue("token")` {
		return weir.Document{Text: []byte("ref:token")}, nil
	}
	return weir.ResolveFS(children)(wanted)
}

func release(change func(*weir.LoadOptions)) (*weir.Plan, error) {
	o := weir.LoadOptions{
		File:    "release.yaml",
		Inputs:  []weir.Document{{Text: childText("qa.yaml"), File: "qa.yaml"}},
		Resolve: resolve,
	}
	if change != nil {
		change(&o)
	}
	return weir.Load(childText("release.yaml"), o)
}

func TestChildrenMeetAndFindWhatTheyReferTo(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	plan := must(release(nil))
	defer plan.Close()
	var mu sync.Mutex
	told := map[string]string{}
	tell := func(_ context.Context, step weir.Step) (any, error) {
		mu.Lock()
		defer mu.Unlock()
		told[step.Path] = string(step.Spec)
		return nil, nil
	}
	run := must(h.runtime.Start(context.Background(), h.queue, plan, weir.RunOptions{Steps: tell}))
	equal(t, must(run.Wait(context.Background())), weir.Succeeded)
	equal(t, len(told), 2)
	for _, who := range []string{"api", "web"} {
		want := fmt.Sprintf(`{"text":"%s for qa at example","token":"ref:token"}`, who)
		equal(t, told[who+"/deploy/tell"], want)
	}
}

func TestEachReferenceIsAskedForOnce(t *testing.T) {
	asked := map[weir.Reference]int{}
	plan := must(release(func(o *weir.LoadOptions) {
		o.Resolve = func(wanted weir.Reference) (weir.Document, error) {
			asked[wanted]++
			return resolve(wanted)
		}
	}))
	defer plan.Close()
	kinds := map[weir.ReferenceKind]bool{}
	for wanted, times := range asked {
		equal(t, times, 1)
		kinds[wanted.Kind] = true
	}
	equal(t, len(kinds), 4)
	equal(t, asked[weir.Reference{Kind: weir.ReferenceTemplate, Identifier: "tell", Version: "2"}], 1)
	equal(t, asked[weir.Reference{Kind: weir.ReferenceInputSet, Identifier: "common", Pipeline: "service"}], 1)
}

func TestInputsThatComeLaterWin(t *testing.T) {
	prod := strings.Replace(string(childText("qa.yaml")), "qa}", "prod}", 1)
	plan := must(release(func(o *weir.LoadOptions) {
		o.Inputs = append(o.Inputs, weir.Document{Text: []byte(prod)})
	}))
	defer plan.Close()
	written := must(plan.Describe(weir.FormatJSON))
	if !strings.Contains(written, "prod") || strings.Contains(written, `"qa"`) {
		t.Error(written)
	}
}

func TestWhatIsNotFoundIsRefusedWhereItIsReferredTo(t *testing.T) {
	for _, nobody := range []func(weir.Reference) (weir.Document, error){
		nil,
		func(weir.Reference) (weir.Document, error) { return weir.Document{}, fs.ErrNotExist },
		func(weir.Reference) (weir.Document, error) { return weir.Document{}, weir.ErrNotFound },
	} {
		_, err := release(func(o *weir.LoadOptions) { o.Resolve = nobody })
		is(t, err, weir.ErrDocument)
		var refused *weir.DocumentError
		if !errors.As(err, &refused) || refused.Diagnostics[0].File != "release.yaml" {
			t.Error(err)
		}
		if errors.Is(err, fs.ErrNotExist) {
			t.Error("nothing failed")
		}
	}
}

func TestAResolverThatFailsIsTheCause(t *testing.T) {
	away := &fs.PathError{Op: "open", Path: "store", Err: errors.New("the \x00 \xff store is away" + strings.Repeat("!", 5000))}
	_, err := release(func(o *weir.LoadOptions) {
		o.Resolve = func(weir.Reference) (weir.Document, error) { return weir.Document{}, away }
	})
	is(t, err, weir.ErrDocument)
	is(t, err, away)
	var cause *fs.PathError
	if !errors.As(err, &cause) || cause != away || !strings.Contains(err.Error(), "store is away") {
		t.Error(err)
	}
}

func TestAResolverMayPanicAndLoadPlansItself(t *testing.T) {
	plan := must(release(func(o *weir.LoadOptions) {
		o.Resolve = func(wanted weir.Reference) (weir.Document, error) {
			inner, err := release(nil)
			if err != nil {
				return weir.Document{}, err
			}
			inner.Close()
			return resolve(wanted)
		}
	}))
	plan.Close()
	defer func() { equal(t, fmt.Sprint(recover()), "enough") }()
	release(func(o *weir.LoadOptions) {
		o.Resolve = func(weir.Reference) (weir.Document, error) { panic("enough") }
	})
}

func TestFindingsInAnotherDocumentHaveItsName(t *testing.T) {
	_, err := release(func(o *weir.LoadOptions) {
		o.Resolve = func(wanted weir.Reference) (weir.Document, error) {
			if wanted.Kind == weir.ReferencePipeline {
				return weir.Document{Text: []byte("pipeline: 5"), File: "elsewhere.yaml"}, nil
			}
			return resolve(wanted)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "elsewhere.yaml") {
		t.Error(err)
	}
}

func TestANameMayHoldAnything(t *testing.T) {
	var asked []string
	const document = `
pipeline:
  name: p
  identifier: p
  stages:
    - stage: {name: a, identifier: a, type: Custom, spec: {execution: {steps: [
        {step: {type: T, name: s, identifier: s, spec: {x: "<+secrets.getValue(\"a\0é\")>", y: "<+secrets.getValue(\"\")>"}}}]}}}
`
	plan := must(weir.Load([]byte(document), weir.LoadOptions{
		Resolve: func(wanted weir.Reference) (weir.Document, error) {
			asked = append(asked, wanted.Identifier)
			equal(t, wanted, weir.Reference{Kind: weir.ReferenceValue, Identifier: wanted.Identifier})
			return weir.Document{}, fs.ErrNotExist
		},
	}))
	defer plan.Close()
	sort.Strings(asked)
	equal(t, strings.Join(asked, ", "), "secrets.getValue(\"\"), secrets.getValue(\"a\x00é\")")
}

func TestLevelsAreBounded(t *testing.T) {
	outer := strings.ReplaceAll(string(childText("release.yaml")), "service", "release")
	outer = strings.Replace(outer, "identifier: release", "identifier: outer", 1)
	_, err := weir.Load([]byte(outer), weir.LoadOptions{Resolve: resolve, MostLevels: 1})
	if err == nil || !strings.Contains(err.Error(), "E0222") {
		t.Error(err)
	}
	_, err = release(func(o *weir.LoadOptions) { o.MostLevels = 65 })
	is(t, err, weir.ErrInvalidArgument)
}

func TestFilesAreFoundByNameAndVersion(t *testing.T) {
	files := fstest.MapFS{
		"a.yml": {Data: []byte("a")}, "t-2.json": {Data: []byte("t2")}, "t.yaml": {Data: []byte("t")},
		"sub/b.yaml": {Data: []byte("b")},
	}
	find := weir.ResolveFS(files)
	for _, each := range []struct {
		wanted weir.Reference
		text   string
	}{
		{weir.Reference{Kind: weir.ReferencePipeline, Identifier: "a"}, "a"},
		{weir.Reference{Kind: weir.ReferenceTemplate, Identifier: "t", Version: "2"}, "t2"},
		{weir.Reference{Kind: weir.ReferenceTemplate, Identifier: "t", Version: "3"}, "t"},
		{weir.Reference{Kind: weir.ReferenceTemplate, Identifier: "t"}, "t"},
	} {
		equal(t, string(must(find(each.wanted)).Text), each.text)
	}
	for _, name := range []string{"", "..", "../a", "sub/b", "sub\\b", "/a", "nobody", "a\x00", strings.Repeat("x", 5000)} {
		_, err := find(weir.Reference{Kind: weir.ReferencePipeline, Identifier: name})
		is(t, err, fs.ErrNotExist)
		_, err = weir.ResolveFS(children)(weir.Reference{Kind: weir.ReferencePipeline, Identifier: name})
		if err == nil {
			t.Error(name)
		}
	}
	_, err := find(weir.Reference{Kind: weir.ReferenceValue, Identifier: "a"})
	is(t, err, fs.ErrNotExist)
	equal(t, weir.ReferenceInputSet.String()+" "+weir.ReferenceKind(9).String(), "input set reference 9")
}

const asking = `
pipeline:
  name: Asking
  identifier: asking
  stages:
    - stage: {name: a, identifier: a, type: Custom, spec: {execution: {steps: [
        {step: {name: x, identifier: x, type: First, spec: {}, failureStrategies: [{onFailure: {errors: [AllErrors],
          action: {type: ManualIntervention, spec: {timeout: 1h, onTimeout: {action: {type: Abort}}}}}}]}}]}}}
`

func TestAPersonIsAskedAndAnswers(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	plan := must(weir.Load([]byte(asking), weir.LoadOptions{}))
	defer plan.Close()
	for action, end := range map[string]weir.Outcome{"mark_as_success": weir.Succeeded, "abort": weir.Cancelled} {
		wanted := make(chan weir.Event, 1)
		run := must(h.runtime.Start(context.Background(), h.queue, plan, weir.RunOptions{
			Steps: func(context.Context, weir.Step) (any, error) { return nil, errors.New("no luck") },
			Observe: func(event weir.Event) {
				if event.Kind == weir.EventInterventionWanted {
					wanted <- event
				}
			},
		}))
		question := <-wanted
		equal(t, question.Path, "a/x")
		ctx := context.Background()
		err := run.Intervene(ctx, question.Path, action, question.Attempt+1, "meant for another try")
		equal(t, controlError(t, err).Action, "intervene")
		if err := run.Intervene(ctx, question.Path, action, question.Attempt, "an operator"); err != nil {
			t.Error(err)
		}
		equal(t, must(run.Wait(ctx)), end)
	}
}

func TestAHandlerAnswersInterventions(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	plan := must(weir.Load([]byte(asking), weir.LoadOptions{}))
	defer plan.Close()
	fail := func(context.Context, weir.Step) (any, error) { return nil, errors.New("no luck") }
	run := func(o weir.RunOptions) *weir.Run {
		o.Steps = fail
		return must(h.runtime.Start(context.Background(), h.queue, plan, o))
	}
	for _, each := range []struct {
		action string
		err    error
		end    weir.Outcome
	}{
		{"mark_as_success", nil, weir.Succeeded},
		{"", nil, weir.Cancelled}, // on the document's timeout: Abort
		{"misspelt", nil, weir.Cancelled},
		{"mark_as_success", errors.New("nobody \x00 is there"), weir.Cancelled},
	} {
		var told weir.Intervention
		walk := run(weir.RunOptions{
			Intervene: func(_ context.Context, wanted weir.Intervention) (string, error) {
				told = wanted
				return each.action, each.err
			},
		})
		equal(t, must(walk.Wait(context.Background())), each.end)
		if told.Path != "a/x" || told.Attempt != 1 || told.Timeout != time.Hour || told.Kind != "Unknown" || told.Message != "no luck" {
			t.Errorf("%+v", told)
		}
	}
}

func TestAnInterventionThatIsNotWantedAnyMoreEndsItsContext(t *testing.T) {
	h := newTestHost(t, weir.RuntimeOptions{})
	defer h.close()
	plan := must(weir.Load([]byte(asking), weir.LoadOptions{}))
	defer plan.Close()
	asked, ended := make(chan bool), make(chan error)
	run := must(h.runtime.Start(context.Background(), h.queue, plan, weir.RunOptions{
		Steps: func(context.Context, weir.Step) (any, error) { return nil, errors.New("no luck") },
		Intervene: func(ctx context.Context, _ weir.Intervention) (string, error) {
			close(asked)
			<-ctx.Done()
			ended <- ctx.Err()
			goexit()
			return "", nil
		},
	}))
	<-asked
	if err := run.Intervene(context.Background(), "a/x", "mark_as_success", 1, "somebody else"); err != nil {
		t.Error(err)
	}
	is(t, <-ended, context.Canceled)
	equal(t, must(run.Wait(context.Background())), weir.Succeeded)
}

func goexit() { runtime.Goexit() }
