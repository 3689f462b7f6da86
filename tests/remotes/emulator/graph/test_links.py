"""Links to Flow JSON: signed, short-lived, and not for a credential."""

from __future__ import annotations

import re

import pytest

from tests.remotes.emulator.graph.api import GOOD, Api
from tests.support import TOKEN, flow_json


def test_link_leads_to_the_very_bytes_that_were_uploaded(api: Api) -> None:
    flow_id = api.create()["id"]
    text = GOOD.replace(", ", ",\n  ")
    api.upload(flow_id, text)
    answer = api.follow(api.link(flow_id))
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_data(as_text=True) == text


def test_link_is_no_path_of_the_api(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    assert api.link(flow_id).startswith(f"/assets/{flow_id}?")


@pytest.mark.parametrize("after", [0, 299, 300, 301])
def test_link_works_for_five_minutes(api: Api, after: int) -> None:
    link = api.link(api.create(flow_json=GOOD)["id"])
    api.account.time.now += after
    answer = api.follow(link)
    assert answer.status_code == (200 if after < 300 else 403)
    if after >= 300:
        assert answer.get_data(as_text=True) == "URL signature expired"


def test_new_link_works_when_the_old_one_has_ended(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    api.account.time.now += 1000
    assert api.follow(api.link(flow_id)).get_json() == flow_json()


@pytest.mark.parametrize(
    ("pattern", "forged"),
    [
        ("oh=.*", "oh=0"),
        ("oh=.*", ""),
        ("oe=[0-9a-f]+", "oe=ffffffff"),
        ("oe=[0-9a-f]+", "oe=never"),
        ("oe=[0-9a-f]+&", ""),
        ("/assets/[0-9]+", "/assets/1170000000000002"),
    ],
)
def test_forged_link_is_refused(api: Api, pattern: str, forged: str) -> None:
    flow_id = api.create("Alpha", flow_json=GOOD)["id"]
    api.create("Beta", flow_json=GOOD)
    answer = api.follow(re.sub(pattern, forged, api.link(flow_id), count=1))
    assert (answer.status_code, answer.get_data(as_text=True)) == (403, "Bad URL hash")


def test_credential_in_a_header_or_the_address_is_refused(api: Api) -> None:
    link = api.link(api.create(flow_json=GOOD)["id"])
    assert api.follow(link, Authorization=f"Bearer {TOKEN}").status_code == 400
    assert api.follow(f"{link}&access_token={TOKEN}").status_code == 400
    assert api.follow(link).status_code == 200


def test_link_of_a_flow_that_was_deleted_leads_nowhere(api: Api) -> None:
    flow_id = api.create(flow_json=GOOD)["id"]
    link = api.link(flow_id)
    api.ask("DELETE", flow_id)
    assert api.follow(link).status_code >= 400
