"""All migrations as data, in the order in which the versions appeared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowsync.upgrading import behaviour, endpoints, screens
from flowsync.upgrading.dates import write_dates
from flowsync.upgrading.draft import Draft
from flowsync.upgrading.literals import drop_blank_texts, write_numbers_and_booleans
from flowsync.upgrading.versions import V3_0, V4_0, V5_0
from flowsync.validation.versions import V5_1, V6_0, V7_0, V7_3, Version


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, taken by every flow that comes to `version` from an older one."""

    version: Version
    summary: str
    run: Callable[[Draft], None]


MIGRATIONS = (
    Migration(V3_0, "data_channel_uri moves to the definition", endpoints.move_endpoint_address),
    Migration(V4_0, "Groups need a label", behaviour.report_missing_labels),
    Migration(V5_0, "DatePicker takes dates, not milliseconds", write_dates),
    Migration(V5_1, "data_api_version is 3.0", endpoints.raise_data_api_version),
    Migration(V5_1, "Numbers and booleans are no texts", write_numbers_and_booleans),
    Migration(V5_1, "Navigation has its routes", screens.add_routes),
    Migration(V6_0, "Texts are not blank", drop_blank_texts),
    Migration(V6_0, "Texts in backticks are expressions", behaviour.report_new_expressions),
    Migration(V6_0, "Images in lists are below 100 KB", behaviour.report_large_images),
    Migration(V6_0, "Selection runs at render in 6.x", behaviour.report_actions_at_render),
    Migration(V7_0, "And no longer in 7.0", behaviour.report_actions_no_longer_at_render),
    Migration(V7_0, "Screen ids are letters and underscores", screens.rename_screens),
    Migration(V7_0, "A screen has one Form", behaviour.report_several_forms),
    Migration(V7_0, "Numeric inputs are preset with numbers", screens.write_preset_numbers),
    # 6.3 to 7.2 did not ask for the routes.
    Migration(V7_3, "Navigation has its routes again", screens.add_routes),
)


def migrate(draft: Draft) -> None:
    """Take every step between the versions that the draft comes from and goes to."""
    for migration in MIGRATIONS:
        if draft.since < migration.version <= draft.to:
            migration.run(draft)
