"""What came of the scenarios of flows, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowsync.preview.scenarios.values import Tested, Unchosen, Unreached
from flowsync.render.style import Style, clean, count

_MOST_OPTIONS = 5


def render_tested(tested: Iterable[Tested], style: Style, *, verbose: bool = False) -> str:
    """Give each flow with its scenarios, and what none of them reaches.

    Scenarios that went well are named with `verbose`, flows without any too.
    """
    tested = tuple(tested)
    lines: list[str] = []
    for one in tested:
        if one.path is not None or verbose or not one.is_passed:
            lines += _flow(one, style, verbose)
    space = [""] if lines else []
    return "\n".join([*lines, *space, _summary(tested, style)]) + "\n"


def _flow(tested: Tested, style: Style, verbose: bool) -> Iterator[str]:
    if tested.path is None:
        said = f"{clean(tested.key)}: no scenarios"
        yield style.quiet(said) if tested.is_passed else style.bad(f"✗ {said}")
        return
    said = count(len(tested.ran), "scenario")
    failed = len(tested.failures)
    if failed:
        yield style.bad(f"✗ {clean(tested.key)}: {failed} of {said} failed")
    elif not tested.is_passed:
        yield style.bad(f"✗ {clean(tested.key)}: {said}, which do not reach all of it")
    else:
        yield style.good(f"✓ {clean(tested.key)}: {said}")
    for ran in tested.ran:
        name = clean(ran.scenario.name)
        if ran.failure is not None:
            yield f"  {style.bad('✗')} {name}"
            yield f"    {clean(ran.failure.text)}"
        elif verbose:
            yield f"  {style.good('✓')} {name}"
    yield from (f"  {style.changed(line)}" for line in unreached_lines(tested.unreached))


def unreached_lines(unreached: Unreached) -> Iterator[str]:
    """Say what no scenario reaches, a line for each screen, branch and input."""
    for screen in unreached.screens:
        yield f"not reached: screen {clean(screen)}"
    for branch in unreached.branches:
        yield f"not reached: {clean(branch)}"
    for options in unreached.options:
        yield f"not chosen: {_options(options)}"


def _options(unchosen: Unchosen) -> str:
    some = ", ".join(map(clean, unchosen.options[:_MOST_OPTIONS]))
    more = len(unchosen.options) - _MOST_OPTIONS
    left = f"{some} and {more} more" if more > 0 else some
    where = f"of {unchosen.number} in {clean(unchosen.name)} on screen {clean(unchosen.screen)}"
    return f"{left} ({len(unchosen.options)} {where})"


def _summary(tested: tuple[Tested, ...], style: Style) -> str:
    """Give the counts in one line."""
    number = sum(len(one.ran) for one in tested)
    if number == 0 and all(one.is_passed for one in tested):
        return "No scenarios. Write some into KEY.scenarios.yaml; docs/preview.md says how."
    failed = sum(len(one.failures) for one in tested)
    without = sum(one.path is None for one in tested)
    said = f"{count(number, 'scenario')} of {count(len(tested) - without, 'flow')}"
    partly = sum(bool(one.must_reach and one.unreached) for one in tested)
    if failed or partly:
        words = [f"{failed} failed"] if failed else []
        words += [f"{count(partly, 'flow')} not reached as a whole"] if partly else []
        return style.bad(f"{said}: {', '.join(words)}.")
    more = f" {count(without, 'flow')} without scenarios." if without else ""
    return style.good(f"{said}: all went as expected.") + style.quiet(more)
