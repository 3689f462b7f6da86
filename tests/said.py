"""The sentences that flowsync can end with, found by reading the package's own source.

A sentence is found where it is handed to something that shows it: one of the expected exceptions,
the end of a flow, a conflict, a block. Values that stand in it are given as `…`.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import flowsync
from flowsync.errors import FlowsyncError

PACKAGE = Path(flowsync.__file__).parent
VALUE = "…"
_MOST_FORMS = 16  # of one sentence

# What takes a sentence beside the exceptions: its name, and the place or keyword of the sentence.
SAYERS: dict[str, int | str] = {
    "UsageError": 0,  # of click; these are shown as `Error: …`
    "BadParameter": 0,
    "UnusableTokenFile": 0,
    "Stopped": 1,  # the end of one flow
    "moved": 0,
    "_FoundWrong": 0,
    "_no_answer": 0,  # the part of a failed request that tells why
    "_too_late": 0,
    "unusable": 0,
    "_conflict": 1,
    "Match": "problem",
    "Block": "message",
    "_in_the_way": 1,  # what the remote says beforehand
    "_gate": 2,
    "RehearsalProblem": "message",
    "kinds": 0,  # the error of a code of Meta
    "KnownFlow": "reason",
    "Content": "note",  # why it could not be read
    "Listing": "doubts",
    "error": 0,  # of the console
    "replace": "problem|conflict",  # of a flow that is not imported, or of a change
    "_skipped": 2,
}
# Functions that give a sentence back: its place in a tuple, None where it is all that they give.
GIVERS: dict[str, int | None] = {
    "frozen_problem": 0,
    "endpoint_problem": 0,
    "publish_problem": 0,
    "_clone_source": 1,
    "problem_with": None,
    "_left_to_do": None,
}
# What a phone says to the person who fills in a flow is no end of a command.
NOT_SHOWN = ("preview/engine/",)
# Lists that sentences are put into.
LISTS = {"doubts", "moved", "_warnings", "warnings", "open_blocks"}
LISTS_IN = ("apply/", "remotes/", "observing.py", "workflow.py")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Said:
    """A sentence, with `…` where values stand, and the module that says it."""

    text: str
    module: str

    @property
    def is_opaque(self) -> bool:
        """Tell whether nothing of it is known before the program runs."""
        return re.search(r"[A-Za-z]{3}", self.text) is None


def expected_exceptions() -> frozenset[str]:
    """Give the names of all exceptions that end in a sentence instead of a traceback."""
    for module in pkgutil.walk_packages(flowsync.__path__, "flowsync."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: set[str] = set()
    waiting: list[type[FlowsyncError]] = [FlowsyncError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += kind.__subclasses__()
    return frozenset(found)


def all_said() -> list[Said]:
    """Give every sentence of the package once, in order."""
    sayers = {**dict.fromkeys(expected_exceptions(), 0), **SAYERS}
    found: set[Said] = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        module = file.relative_to(PACKAGE).as_posix()
        if module.startswith(NOT_SHOWN):
            continue
        source = _Module(ast.parse(file.read_text("utf-8")))
        found |= {
            Said(text=_one_line(text), module=module)
            for expression, function in source.sentences(sayers, has_lists=_has_lists(module))
            for text in source.forms(expression, function)
            if text
        }
    return sorted(found)


def _has_lists(module: str) -> bool:
    return module.startswith(LISTS_IN)


def _one_line(text: str) -> str:
    """Give a sentence in one line, values that meet as one, a request as one whatever it is for."""
    text = text.removeprefix("\n  - ")  # as one of several
    text = re.sub(f"{VALUE}+", VALUE, re.sub(r"\s+", " ", text)).strip()
    return text.replace("… of flow …: the answer", "…: the answer")


Function = ast.FunctionDef | None


class _Module:
    """One module: where sentences stand in it, and what forms each can take."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._functions = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}

    def sentences(
        self, sayers: dict[str, int | str], *, has_lists: bool
    ) -> Iterator[tuple[ast.expr, Function]]:
        """Give each expression that is shown, and the function that it stands in."""
        for node, function in _walk(self._tree, None):
            if isinstance(node, ast.Call):
                place = sayers.get(_called(node))
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                if isinstance(place, int) and len(node.args) > place:
                    yield node.args[place], function
                elif isinstance(place, str) and named.keys() & set(place.split("|")):
                    yield from ((named[one], function) for one in place.split("|") if one in named)
                elif has_lists and _called(node) == "append" and _list_of(node) in LISTS:
                    yield node.args[0], function
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                if has_lists and node.target.id in LISTS:
                    yield node.value, function
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if has_lists and node.targets[0].id in LISTS:
                    yield node.value, function
            elif isinstance(node, ast.Return) and function is not None and node.value is not None:
                yield from ((value, function) for value in _given(function.name, node.value))

    def forms(self, expression: ast.expr, function: Function, depth: int = 0) -> list[str]:
        """Give what an expression can come to, `…` for what is not known."""
        if depth > 6:
            return [VALUE]
        again = (function, depth + 1)
        match expression:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name() as first), *parts]):
                return _joined(self.forms(part, *again) for part in (first, *parts))
            case ast.JoinedStr(values=parts):
                return _joined(self.forms(part, *again) for part in parts)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([self.forms(left, *again), self.forms(right, *again)])
            case ast.IfExp(body=body, orelse=other):
                return [*self.forms(body, *again), *self.forms(other, *again)]
            case ast.Tuple(elts=several):
                return [form for one in several for form in self.forms(one, *again)]
            case ast.ListComp(elt=each) | ast.GeneratorExp(elt=each):
                return self.forms(each, *again)
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[inner]):
                return self.forms(inner, *again)
            case ast.Call(func=ast.Attribute(value=base, attr="rstrip" | "replace")):
                return self.forms(base, *again)
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in self._functions:
                given = self._given_by(self._functions[name], depth)
                if all(len(text) < 4 for text in given):  # it only finishes its argument
                    given = [text for one in arguments for text in self.forms(one, *again)]
                return given or [VALUE]
            case ast.Name(id=name):
                return self._assigned(name, *again)
        return [VALUE]

    def _given_by(self, function: ast.FunctionDef, depth: int) -> list[str]:
        returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value]
        return [form for one in returned for form in self.forms(one, function, depth + 1)]

    def _assigned(self, name: str, function: Function, depth: int) -> list[str]:
        """Give what a local name, which never is a part of a longer sentence, was set to."""
        values = _set_to(name, ast.walk(function or self._tree)) or _set_to(name, self._tree.body)
        return [form for value in values for form in self.forms(value, function, depth)] or [VALUE]


def _given(function: str, value: ast.expr) -> Iterator[ast.expr]:
    """Give the sentence that a function gives back, where it is one that does."""
    place = GIVERS.get(function, -1)
    if place is None:
        yield value
    elif place >= 0 and isinstance(value, ast.Tuple):
        yield value.elts[place]


def _set_to(name: str, nodes: Iterable[ast.AST]) -> list[ast.expr]:
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def _joined(parts: Iterable[list[str]]) -> list[str]:
    """Give all combinations of the forms of the parts of a text."""
    forms = itertools.islice(itertools.product(*parts), _MOST_FORMS)
    return ["".join(form) for form in forms]


def _walk(node: ast.AST, function: Function) -> Iterator[tuple[ast.AST, Function]]:
    yield node, function
    inside = node if isinstance(node, ast.FunctionDef) else function
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, inside)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
    return ""


def _list_of(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""
