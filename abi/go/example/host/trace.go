// SPDX-License-Identifier: BSL-1.0

package main

import (
	"fmt"
	"io"
	"path"
	"sort"

	"weir.example/weir"
)

// print writes what does not depend on who was faster.
func (d *day) print(to io.Writer) {
	for _, barrier := range d.plan.Barriers {
		for _, decision := range d.decisions[barrier.Name] {
			fmt.Fprintln(to, verdict(decision))
			d.printArrivals(to, decision)
		}
	}
	for _, planned := range d.plan.Tasks {
		fmt.Fprintln(to, "task", planned.Name, d.tasks[planned.Name].outcome)
	}
	for _, node := range sorted(d.nodes) {
		fmt.Fprintln(to, "node", node, d.nodes[node])
	}
	fmt.Fprintln(to, "run", d.outcome)
}

func verdict(d *weir.Decision) string {
	said := fmt.Sprint("barrier ", d.Barrier, " ", d.Generation, " ")
	switch d.Kind {
	case weir.EventBarrierReleased:
		return said + "released"
	case weir.EventBarrierVoided:
		return said + "voided"
	default:
		return said + fmt.Sprintf("broken by %s: %v", path.Base(d.Culprit), d.Reason)
	}
}

func (d *day) printArrivals(to io.Writer, decision *weir.Decision) {
	values := map[string]string{} // by task
	for lane, value := range decision.Values {
		values[path.Base(lane)] = " " + string(value)
	}
	for _, planned := range d.plan.Tasks {
		for _, met := range d.tasks[planned.Name].met {
			if met.barrier == decision.Barrier && met.Generation == decision.Generation {
				fmt.Fprint(to, "  ", planned.Name, " ", met.Outcome, values[planned.Name], "\n")
			}
		}
	}
}

func sorted(nodes map[string]weir.Outcome) []string {
	var paths []string
	for node := range nodes {
		paths = append(paths, node)
	}
	sort.Strings(paths)
	return paths
}
