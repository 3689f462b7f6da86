"""HTML reports. UPDATE_GOLDEN=1 writes tests/golden/*.html anew."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

import flowsync.render.html.page
from flowsync.errors import ExitCode
from flowsync.model import FlowKey
from flowsync.plan.difference_values import Difference, DifferenceKind, Subject
from flowsync.plan.values import Action, Change, FieldChange, Rehearsal
from flowsync.render.failure import Failure
from flowsync.render.html.diagnostics import render_validation_html
from flowsync.render.html.outcome import render_outcome_html
from flowsync.render.html.page import prose
from flowsync.render.html.plan import render_plan_html
from tests.plan.cases import DRAFT, a_definition, a_flow, plan_of
from tests.render.golden import check_golden, check_harmless, nasty_names
from tests.render.html.pages import EVERYTHING_NASTY, MARKUP, PAGES
from tests.render.test_outcome_text import APPLIED, UNCHANGED, an_outcome
from tests.render.test_plan_text import a_plan, names, nasty_plan, rich_plan

every_page = pytest.mark.parametrize("page", PAGES)
IN_SENTENCES = {
    "bdi",
    "br",
    "code",
    "del",
    "ins",
    "text",
    "tspan",
}  # how many depends on what a sentence says
STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


class Elements(HTMLParser):
    """Collects the elements of a page with the names of their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in IN_SENTENCES:
            self.found.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def text_of(html: str) -> str:
    return " ".join(Elements(html).text.split())


@every_page
def test_a_page_with_nasty_names_reads_as_expected(page: str) -> None:
    html = PAGES[page](EVERYTHING_NASTY)
    check_harmless(html)
    short = STYLE.sub("<style>…</style>", html)
    check_golden(f"{page}.html", re.sub(r"sha256-[\w+/=]+", "sha256-…", short))


@every_page
def test_no_name_becomes_an_element_or_an_attribute(page: str) -> None:
    plain = Elements(PAGES[page]("plain"))
    for nasty in (MARKUP, "' onclick='x' \"><b>", "{{ 7 * 7 }} {% raw %}", "]]> -->"):
        elements = Elements(PAGES[page](nasty))
        assert elements.found == plain.found
        assert nasty in elements.text


@nasty_names
def test_no_name_reaches_a_plan_page_as_a_sign_that_acts(nasty: str) -> None:
    html = render_plan_html(nasty_plan(nasty))
    check_harmless(html)
    assert Elements(html).found == plain_elements()


@cache
def plain_elements() -> list[tuple[str, tuple[str, ...]]]:
    return Elements(render_plan_html(nasty_plan("plain"))).found


@settings(max_examples=20, deadline=None)
@given(name=names)
def test_any_name_changes_the_words_of_a_page_and_never_its_elements(name: str) -> None:
    html = render_plan_html(nasty_plan(name))
    html.encode("utf-8")
    assert Elements(html).found == plain_elements()


@every_page
def test_a_page_allows_its_own_style_and_nothing_else(page: str) -> None:
    html = PAGES[page](MARKUP)
    (css,) = STYLE.findall(html)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    allowed = f"style-src &#39;sha256-{digest}&#39;"
    assert (
        f'content="default-src &#39;none&#39;; {allowed}; base-uri &#39;none&#39;; '
        'form-action &#39;none&#39;"' in html
    )
    elements = Elements(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {
        tag for tag, _ in elements.found
    }
    loading = {"src", "srcset", "action", "style", "background", "data", "poster"}
    assert not loading & {name for name, _ in elements.attributes}
    assert "url(" not in css
    assert "@import" not in css


@every_page
def test_a_page_leads_to_itself_and_to_the_sources_of_rules_only(page: str) -> None:
    elements = Elements(PAGES[page](MARKUP))
    links = [value for name, value in elements.attributes if name == "href"]
    ids = [value for name, value in elements.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for link in links:
        is_inside = link.startswith("#") and link[1:] in ids
        assert is_inside or link.startswith("https://developers.facebook.com/")
    assert links or page == "failure"


def test_a_template_takes_nothing_as_markup_by_itself() -> None:
    folder = Path(flowsync.render.html.page.__file__).parent / "templates"
    templates = sorted(folder.glob("*.j2"))
    assert len(templates) >= 6
    for template in templates:
        text = template.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), template.name


def test_a_sentence_shows_what_stands_in_backticks_as_code_and_all_else_as_it_is() -> None:
    assert prose("Use `a <b>` & go") == "Use <code>a &lt;b&gt;</code> &amp; go"
    assert prose("`` ` ```x``` `") == "`` ` ```x``` `"


# --- the plan ---


def test_a_plan_says_in_a_sentence_what_it_comes_to() -> None:
    text = text_of(render_plan_html(rich_plan()))
    expected = (
        "9 flows would be changed: 1 created, 3 updated, 1 published, 1 deprecated, 2 deleted and "
        "1 replaced by a new one. 2 flows stay as they are."
    )
    assert expected in text
    assert "7 steps cannot be taken back." in text
    assert "1 flow needs a decision and was not planned." in text


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([], "Nothing to do: there are no definitions."),
        ([Action.NONE], "Nothing to do: 1 flow in step with the repository."),
        ([Action.CREATE, Action.CREATE, Action.NONE], "2 flows would be created. 1 flow stays"),
        ([Action.UPDATE, Action.DELETE], "2 flows would be changed: 1 updated and 1 deleted."),
        ([Action.CONFLICT, Action.CONFLICT], "2 flows need a decision and were not planned."),
    ],
)
def test_a_plan_is_summed_up(actions: list[Action], expected: str) -> None:
    changes = [Change(key=FlowKey("a"), name="A", action=action) for action in actions]
    assert expected in text_of(render_plan_html(a_plan(*changes)))


def test_every_flow_of_a_plan_is_shown_and_each_one_way_step_is_marked() -> None:
    plan = rich_plan()
    text = text_of(render_plan_html(plan))
    for change in plan.changes:
        assert change.label.split("\n")[0] in text
    steps = [step for change in plan.changes for step in (*change.steps, *change.fallback)]
    one_way = sum(step.kind.value in {"publish", "deprecate", "delete"} for step in steps)
    assert text.count("one-way: cannot be taken back") == one_way > 0


def test_a_plan_shows_the_old_and_the_new_value_of_what_differs() -> None:
    html = render_plan_html(rich_plan())
    assert "<del>&#34;Old label&#34;</del> → <ins>&#34;E-mail&#34;</ins>" in html
    assert "Screen “Contact us” CONTACT" in text_of(html)


def test_many_differences_of_a_flow_are_folded_and_all_there() -> None:
    differences = tuple(
        Difference(
            subject=Subject.TEXT,
            kind=DifferenceKind.CHANGED,
            screen=f"S{number}",
            what="title",
            old="a",
            new=f"new {number}",
        )
        for number in range(41)
    )

    def page(number: int) -> str:
        field = FieldChange(name="flow_json", new="f.json", differences=differences[:number])
        change = Change(key=FlowKey("a"), name="A", action=Action.UPDATE, fields=(field,))
        return render_plan_html(a_plan(change))

    folded = "What changes in the screens: 41 texts reworded"
    assert folded in text_of(page(41))
    assert "new 40" in page(41)
    assert "What changes in the screens" not in page(40)


def test_a_long_value_begins_where_it_differs_and_can_be_unfolded() -> None:
    before, after = (f"{'same ' * 100}{end}{' more' * 50}" for end in ("old", "new"))
    text = Difference(
        subject=Subject.TEXT,
        kind=DifferenceKind.CHANGED,
        screen="A",
        component="TextBody 1",
        what="text",
        old=before,
        new=after,
    )

    def page(difference: Difference) -> str:
        field = FieldChange(name="flow_json", new="f.json", differences=(difference,))
        change = Change(key=FlowKey("a"), name="A", action=Action.UPDATE, fields=(field,))
        return render_plan_html(a_plan(change))

    shown, _, whole = page(text).partition('<details class="whole">')
    assert "old more" in shown
    assert "new more" in shown
    assert before not in shown
    assert before in whole
    assert after in whole
    assert 'class="whole"' not in page(replace(text, old="x", new="y"))


def test_a_value_that_no_page_should_hold_says_where_it_is_whole() -> None:
    field = FieldChange(name="endpoint_uri", old="x" * 50_000, new="y")
    change = Change(key=FlowKey("a"), name="A", action=Action.UPDATE, fields=(field,))
    page = render_plan_html(a_plan(change))
    assert len(page) < 70_000
    assert "flowsync plan --format json" in page


@pytest.mark.parametrize(
    ("rehearsal", "expected"),
    [
        (None, "the plan was not tried out on a copy of the account"),
        (Rehearsal(), "a second plan finds nothing left to do"),
    ],
)
def test_a_plan_says_whether_it_was_rehearsed(rehearsal: Rehearsal | None, expected: str) -> None:
    plan = replace(plan_of([a_definition("new", state=DRAFT)], []), rehearsal=rehearsal)
    assert expected in text_of(render_plan_html(plan))


def test_a_plan_that_changes_nothing_folds_what_stays() -> None:
    plan = plan_of([a_definition("a", state=DRAFT)], [a_flow("A"), a_flow("Else", id="2")])
    text = text_of(render_plan_html(plan))
    assert "1 flow without a change" in text
    assert "1 flow of the account without a definition here: left alone" in text
    assert "rehearsed" not in text


def test_a_plan_that_was_not_applied_says_why() -> None:
    failure = Failure(command="apply", message="no.", exit_code=ExitCode.REFUSED_FOR_SAFETY)
    text = text_of(render_plan_html(rich_plan(), failure=failure))
    assert "The run ended by an error no. flowsync apply, exit code 6" in text


def test_a_plan_says_what_the_policy_denies_and_what_it_warns_of() -> None:
    text = text_of(PAGES["plan"]("plain"))
    denied, noted = text.split("The policy denies this plan")[1].split("The policy has remarks")
    assert "The policy denies publish of plain (rule 1" in denied
    assert "The policy would deny now publish of plain (rule 2" in noted
    assert "The policy warns of publish of plain (rule 3" in noted


# --- outcome and validation ---


def test_an_outcome_says_whether_all_is_done() -> None:
    def said(*flows: object, stopped_early: bool = False) -> str:
        outcome = an_outcome(*flows, stopped_early=stopped_early)  # type: ignore[arg-type]
        return text_of(render_outcome_html(outcome, {}, flowsync_version="1"))

    assert "Complete: 1 flow has been brought in step." in said(APPLIED, UNCHANGED)
    assert "Nothing was to do" in said(UNCHANGED)
    stopped = said(APPLIED, stopped_early=True)
    assert "Incomplete: 1 flow brought in step" in stopped
    assert "The run was stopped early" in stopped


@pytest.mark.parametrize(
    ("is_valid", "expected"),
    [(True, "the warnings are worth reading"), (False, "Correct what is listed here")],
)
def test_a_validation_says_whether_the_flows_can_go(is_valid: bool, expected: str) -> None:
    from tests.render.html.pages import findings

    (_, warning, *_) = findings("x")
    html = render_validation_html([warning], (), rules={}, is_valid=is_valid, flowsync_version="1")
    assert expected in text_of(html)


def test_a_validation_that_found_nothing_says_so() -> None:
    html = render_validation_html((), (), rules={}, is_valid=True, flowsync_version="1")
    assert "0 flows were checked. Nothing is wrong." in text_of(html)
