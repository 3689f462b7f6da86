"""The page about failed requests in Markdown, made from the table of `flowsync.retry_policy`."""

from __future__ import annotations

from collections.abc import Mapping

from flowsync.retry_policy import GET_ATTEMPTS, LONGEST_PAUSE_S, Rule, Trouble

_INTRODUCTION = """\
<!-- Made by `python -m tests.generate`; do not edit. -->

# What is done about a failed request

A read is repeated until it works or a bound of its row is reached. A write is repeated only after a
read has shown that it did not happen. Attempts count the first one; 1 means that nothing is
repeated. One flow is read at most {get_attempts} times: HTTP 500 may be all that the gateway has
for a draft without content.

The delay grows from attempt to attempt up to the longest, and up to the share of jitter is taken
off it at random. The total bounds the time from the first failure of a request to the beginning of
its last attempt, with all that it waits for in between.

A time that the remote names (Retry-After) takes the place of the delay and holds for all requests
to the account. A pause longer than {longest} is not waited for: the request fails, and so does
every other until the pause is over, without being sent. Without a named time, throttling pauses the
account longer each time in a row; an answer in between lets it begin anew. `requests_per_hour` of
the target's limits is kept by one run over all its flows and threads, in every span of an hour.
"""
_HEAD = """\
| what went wrong | how it is recognised | reads | writes | delay | jitter | total |
| --- | --- | --- | --- | --- | --- | --- |"""


def render_retries(policy: Mapping[Trouble, Rule]) -> str:
    """Give the page, with a row for each class of error in the order of the table."""
    rows = [_row(trouble, rule) for trouble, rule in policy.items()]
    longest = _time(LONGEST_PAUSE_S)
    introduction = _INTRODUCTION.format(longest=longest, get_attempts=GET_ATTEMPTS)
    return "\n".join([introduction, _HEAD, *rows]) + "\n"


def _row(trouble: Trouble, rule: Rule) -> str:
    delay = jitter = total = "–"
    if max(rule.read_attempts, rule.write_attempts) > 1:
        delay = f"{_time(rule.first_delay)}, times {rule.growth:g}, at most "
        delay += _time(rule.longest_delay)
        if rule.pauses_account:
            delay += ", for the whole account"
        jitter, total = f"{rule.jitter:.0%}", _time(rule.longest_total)
    attempts = f"{rule.read_attempts} | {rule.write_attempts}"
    return f"| {trouble.value} | {rule.sign} | {attempts} | {delay} | {jitter} | {total} |"


def _time(seconds: float) -> str:
    is_long = seconds >= 120 and seconds % 60 == 0
    return f"{seconds / 60:g} min" if is_long else f"{seconds:g} s"
