from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from flowsync.diagnostics import Diagnostic
from flowsync.preview.engine import DataSet, Start
from flowsync.preview.scenarios.reading import parse_scenarios
from flowsync.preview.scenarios.values import Back, Close, Expect, Fill, Tap
from tests.preview.scenarios.walks import read

TEXT = """\
scenarios:
- name: a
  today: 2026-02-01
  start: {screen: S, data: {n: 1}, data_set: longest, action: data_exchange, flow_token: t}
  steps:
  - fill:
      price: 2000
      ids: [1, a]
      agrees: true
      name: Ada
      gone: null
  - tap: Send
  - tap: {on: topic, item: refund}
  - back: true
  - close: true
  - expect: {screen: S, can_continue: false, payload: {}}
- name: b
  steps: [{back: true}]
"""


def test_every_field_is_read() -> None:
    first, second = read(TEXT)
    assert (first.name, first.today, first.line, first.column) == ("a", date(2026, 2, 1), 2, 3)
    assert first.start == Start(
        screen="S",
        data={"n": 1},
        data_set=DataSet.LONGEST,
        asks_endpoint=True,
        flow_token="t",
    )
    assert [step.does for step in first.steps] == [
        Fill(target="price", value=2000, text="2000"),
        Fill(target="ids", value=[1, "a"], text=["1", "a"]),
        Fill(target="agrees", value=True, text="true"),
        Fill(target="name", value="Ada"),
        Fill(target="gone", value=None),
        Tap(target="Send"),
        Tap(target="topic", item="refund"),
        Back(),
        Close(),
        Expect(screen="S", can_continue=False, payload={}),
    ]
    assert (second.today, second.start) == (None, Start())


def test_each_step_knows_its_place_and_each_input_of_a_fill_its_own() -> None:
    first, _ = read(TEXT)
    places = [(step.line, step.column) for step in first.steps]
    assert places[:3] == [(7, 7), (8, 7), (9, 7)]
    assert places[5:] == [(12, 5), (13, 5), (14, 5), (15, 5), (16, 5)]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    problems: list[Diagnostic] = []
    assert (parse_scenarios(text, "a", problems) is None) == bool(problems)
