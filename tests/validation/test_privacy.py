"""Which inputs are taken for personal data, by the words in their label and name."""

from __future__ import annotations

from typing import Any

import pytest

from flowsync.model import JsonValue
from flowsync.validation.flow_json import check_flow_json
from flowsync.validation.personal_words import PERSONAL
from flowsync.validation.privacy import plain_words


def is_personal(kind: str, name: str, label: str, **fields: JsonValue) -> bool:
    component: dict[str, JsonValue] = {"type": kind, "name": name, "label": label, **fields}
    flow: Any = {
        "version": "7.3",
        "screens": [
            {
                "id": "ASK",
                "title": "A question",
                "layout": {"type": "SingleColumnLayout", "children": [component]},
            }
        ],
    }
    return "FS621" in {finding.rule for finding in check_flow_json(flow)}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("a", "Passport No."),
        ("a", "Número de tarjeta"),
        ("a", "Fecha de nacimiento"),
        ("a", "CPF"),
        ("a", "DNI"),
        ("aadhaar_no", "Apna number"),
        ("cardNumber", "Number"),
        ("a", "Do you have any ALLERGIES?"),
        ("date-of-birth", "${data.label}"),
    ],
)
def test_words_for_what_would_hurt_in_the_wrong_hands_are_known(name: str, label: str) -> None:
    assert is_personal("TextInput", name, label)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("full_name", "Full name"),
        ("phone", "Phone number"),
        ("email", "E-mail address"),
        ("address", "Delivery address"),
        ("pincode", "PIN code"),
        ("order", "Order number"),
        ("giftcard", "Gift card"),
        ("birthday_wish", "A wish"),
        ("japan", "Japan number"),
        ("company", "Company name"),
        ("days", "Ile dni?"),
    ],
)
def test_ordinary_questions_are_left_alone(name: str, label: str) -> None:
    assert not is_personal("TextInput", name, label)


def test_choosing_a_way_to_pay_is_no_secret_and_choosing_an_illness_is() -> None:
    options: JsonValue = [{"id": "a", "title": "A"}]
    assert not is_personal("Dropdown", "way", "Bank account", **{"data-source": options})
    assert is_personal("Dropdown", "a", "Symptoms", **{"data-source": options})


@pytest.mark.parametrize("kind", ["password", "passcode"])
def test_inputs_that_the_phone_hides_need_no_mark(kind: str) -> None:
    assert not is_personal("TextInput", "a", "CVV", **{"input-type": kind})


def test_every_word_is_written_as_it_is_compared() -> None:
    words = [word for group in PERSONAL.values() for word in group]
    assert [word for word in words if plain_words(word) != f" {word} "] == []
    assert len(set(words)) == len(words)
