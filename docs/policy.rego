# Rules of your own over a plan, for OPA and conftest:
#
#   flowsync plan --format json | conftest test --policy docs/policy.rego -
#   flowsync plan --format json | opa eval --data docs/policy.rego --stdin-input --format pretty data.main
#
# What a plan holds is described by `flowsync schema plan`. A test of flowsync evaluates this file.
package main

import rego.v1

# A plan was rehearsed, and came to rest.
deny contains message if {
	input.has_changes
	not input.rehearsal.converges
	message := "the plan was not rehearsed, or does not converge"
}

# What customers use is not taken away.
deny contains message if {
	some change in input.changes
	some step in change.steps
	step.kind in {"deprecate", "delete"}
	change.status in {"PUBLISHED", "THROTTLED"}
	message := sprintf("%s is %s, and the plan would %s it", [change.name, change.status, step.kind])
}

# Endpoints are our own.
deny contains message if {
	some change in input.changes
	some field in change.fields
	field.name == "endpoint_uri"
	is_string(field.new)
	not startswith(field.new, "https://flows.example.com/")
	message := sprintf("%s: the endpoint %s is not on flows.example.com", [change.key, field.new])
}

# Who reads the answers is told before they change.
warn contains message if {
	some change in input.changes
	some point in change.contract
	point.is_breaking
	message := sprintf("%s: breaking for %s: %s %s", [change.key, point.part, point.subject, point.message])
}

# Nobody reviews twenty flows at once.
warn contains message if {
	writing := [change | some change in input.changes; count(change.steps) > 0]
	count(writing) > 20
	message := sprintf("the plan changes %d flows at once", [count(writing)])
}

# The rules of flowsync.yaml stand in the plan too.
warn contains message if {
	some result in input.policy
	message := sprintf("%s %s: %s", [result.effect, result.label, result.message])
}
