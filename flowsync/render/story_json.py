"""The story of one decision for reading by machine (schemas/why.schema.json)."""

from __future__ import annotations

from flowsync.model import JsonValue
from flowsync.plan.document import to_json
from flowsync.plan.story import FORMAT_VERSION, Story
from flowsync.plan.values import Plan


def story_to_json(story: Story, plan: Plan) -> dict[str, JsonValue]:
    """Give a story as its JSON document; `change` is as `plan --format json` has it."""
    return {
        "format_version": FORMAT_VERSION,
        "target": plan.target,
        "account": plan.account,
        "key": story.key,
        "desired": to_json(story.desired),
        "observed": to_json(story.seen),
        "compared": to_json(story.compared),
        "row": to_json(story.row),
        "rules": to_json(story.rulings),
        "since": story.since,
        "change": to_json(story.change),
    }
