// SPDX-License-Identifier: BSL-1.0

package weir_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"sync"
	"time"

	"weir.example/weir"
)

// Three builds meet before anything is published.
func Example() {
	ctx := context.Background()
	runtime, err := weir.NewRuntime(weir.RuntimeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer runtime.Close()
	queue, err := weir.NewQueue(weir.QueueOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer queue.Close()
	scope, err := runtime.OpenScope(queue, weir.ScopeOptions{Name: "release"})
	if err != nil {
		log.Fatal(err)
	}
	defer scope.Close()
	built, err := scope.Declare("built", weir.BarrierOptions{Parties: 3})
	if err != nil {
		log.Fatal(err)
	}

	var all sync.WaitGroup
	for _, name := range []string{"linux", "mac", "windows"} {
		lane, err := scope.OpenLane(name)
		if err != nil {
			log.Fatal(err)
		}
		all.Add(1)
		go func() {
			defer all.Done()
			decision, err := lane.Arrive(ctx, built)
			if err != nil {
				log.Print(err)
				return
			}
			fmt.Println(decision.Arrived, "go on together")
		}()
	}
	all.Wait()
	// Output:
	// 3 go on together
	// 3 go on together
	// 3 go on together
}

// A pipeline's steps are carried out by functions.
func ExampleRuntime_Start() {
	ctx := context.Background()
	runtime, queue := open()
	defer runtime.Close()
	defer queue.Close()
	plan, err := weir.Load([]byte(pipeline), weir.LoadOptions{File: "small.yaml"})
	if err != nil {
		log.Fatal(err) // each finding, with its position
	}
	defer plan.Close()

	run, err := runtime.Start(ctx, queue, plan, weir.RunOptions{Steps: weir.ByType{
		"First": func(ctx context.Context, step weir.Step) (any, error) {
			fmt.Println(step.Path)
			return map[string]string{"image": "app:1"}, nil
		},
		"Second": func(ctx context.Context, step weir.Step) (any, error) {
			var spec struct{ Image string }
			err := json.Unmarshal(step.Spec, &spec)
			fmt.Println(step.Path, spec.Image)
			return nil, err
		},
	}.Handle})
	if err != nil {
		log.Fatal(err)
	}
	outcome, err := run.Wait(ctx)
	fmt.Println(outcome, err)
	// Output:
	// build/one
	// build/two app:1
	// succeeded <nil>
}

// Who waits learns at once that somebody will not come.
func ExampleLane_Arrive() {
	runtime, queue := open()
	defer runtime.Close()
	defer queue.Close()
	scope, _ := runtime.OpenScope(queue, weir.ScopeOptions{Name: "release"})
	defer scope.Close()
	shipped, _ := scope.Declare("shipped", weir.BarrierOptions{})
	web, _ := scope.OpenLane("web")
	database, _ := scope.OpenLane("database")
	web.Expect(shipped)
	database.Expect(shipped)
	shipped.Open()

	go database.Finish(weir.Failed)
	_, err := web.Arrive(context.Background(), shipped)
	var broken *weir.BrokenError
	fmt.Println(errors.As(err, &broken), broken.Culprit, broken.Reason)
	// Output: true release/database failed
}

// A wait ends with its context: the arrival is taken back.
func ExampleLane_Arrive_cancelled() {
	runtime, queue := open()
	defer runtime.Close()
	defer queue.Close()
	scope, _ := runtime.OpenScope(queue, weir.ScopeOptions{})
	defer scope.Close()
	gate, _ := scope.Declare("gate", weir.BarrierOptions{Parties: 2})
	lane, _ := scope.OpenLane("alone")

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := lane.Arrive(ctx, gate)
	fmt.Println(err)
	// Output: context deadline exceeded
}

// Many lanes arrive in a few calls, and none of them needs a goroutine.
func ExampleBarrier_ArriveAll() {
	runtime, queue := open()
	defer runtime.Close()
	defer queue.Close()
	scope, _ := runtime.OpenScope(queue, weir.ScopeOptions{})
	defer scope.Close()
	gate, _ := scope.Declare("gate", weir.BarrierOptions{Parties: 1000})
	lanes := make([]weir.Lane, 1000)
	for i := range lanes {
		lanes[i], _ = scope.OpenLane(fmt.Sprint(i))
	}

	batch, err := gate.ArriveAll(lanes)
	if err != nil {
		log.Fatal(err)
	}
	endings, _ := batch.Wait(context.Background())
	fmt.Println(len(endings), endings[999].Outcome)
	// Output: 1000 succeeded
}

func open() (*weir.Runtime, *weir.Queue) {
	runtime, err := weir.NewRuntime(weir.RuntimeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	queue, err := weir.NewQueue(weir.QueueOptions{})
	if err != nil {
		log.Fatal(err)
	}
	return runtime, queue
}

// The instances of a matrix, as a host with loops of its own starts them.
func ExampleOpenLoop() {
	loop, err := weir.OpenLoop(`{matrix: {os: [linux, mac], arch: [arm64]}}`, weir.LoopOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer loop.Close()
	for loop.Next() {
		fmt.Println(loop.Instance().Suffix, string(loop.Instance().Values))
	}
	fmt.Println(loop.Count, loop.Err())
	// Output:
	// _0_0 {"os":"linux","arch":"arm64"}
	// _1_0 {"os":"mac","arch":"arm64"}
	// 2 <nil>
}
