"""What a profile's model cannot check by itself: names of the contract, roles, fields, and template names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.model.profile import ACTION_NAMES, READING_NAMES, Profile
from harness.model.reading import FIELDS
from harness.model.values import Frozen
from harness.platform.base import CONTRACT
from harness.platform.templates import FILTERS, PAGE_ROOTS, placeholders

Loc = tuple[str | int, ...]
ALWAYS = frozenset({"account", "subject", "vars", "args", "lesson", *PAGE_ROOTS})
"""Roots that every template may use; the action's own arguments come on top."""
ACCOUNT_PARTS = frozenset({"id", "role", "username", "name", "password"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, and where in the profile."""

    loc: Loc
    message: str
    got: str
    expected: str
    hint: str = ""


def problems(profile: Profile) -> list[Problem]:
    """Every mistake that can be found without opening the platform."""
    found = [*_names(profile.actions, ACTION_NAMES, "action", ("actions",))]
    for role, entry in profile.roles.items():
        found += _names(entry.actions, ACTION_NAMES, "action", ("roles", role, "actions"))
    found += _names(profile.readings, READING_NAMES, "reading", ("readings",))
    for name, reading in profile.readings.items():
        loc: Loc = ("readings", name)
        if reading.role not in profile.roles:
            roles = ", ".join(profile.roles)
            found.append(Problem((*loc, "as"), "no such role", reading.role, roles))
        if reading.role == "learner":
            found.append(
                Problem(
                    (*loc, "as"),
                    "a learner cannot be the reader",
                    "learner",
                    "a role whose sessions disturb no learner, like reader or admin",
                    "A request may count as activity, or as a second place.",
                )
            )
        if name in FIELDS:
            found += _fields(reading.fields, FIELDS[name], (*loc, "fields"))
    for loc, model, arguments in _templated(profile):
        found += _templates(model, arguments, loc)
    return found


def _names(written: Iterable[str], known: frozenset[str], kind: str, loc: Loc) -> Iterator[Problem]:
    for name in written:
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "The contract is the table in harness/platform/base.py."
        expected = f"an {kind} of the contract" if kind == "action" else f"a {kind} of the contract"
        if name in CONTRACT:
            hint = f"{name} belongs under {'lesson_state' if name == 'lesson_state' else CONTRACT[name].kind + 's'}."
        yield Problem((*loc, name), f"unknown {kind}", name, expected, hint)


def _fields(written: Mapping[str, Any], known: Mapping[str, Any], loc: Loc) -> Iterator[Problem]:
    if not written:
        yield Problem(loc, "no field described", "none", "at least one of " + ", ".join(known))
    for name in written:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            yield Problem(
                (*loc, name), "unknown field", name, ", ".join(known), f"Did you mean {near[0]}?" if near else ""
            )


def _templated(profile: Profile) -> Iterator[tuple[Loc, Frozen, frozenset[str]]]:
    for name, action in profile.actions.items():
        if name in CONTRACT:
            yield ("actions", name), action, frozenset(CONTRACT[name].arguments)
    for role, entry in profile.roles.items():
        for name, action in entry.actions.items():
            if name in CONTRACT:
                yield ("roles", role, "actions", name), action, frozenset(CONTRACT[name].arguments)
    for name, reading in profile.readings.items():
        if name in CONTRACT:
            own = {"row"} if name == "portraits" else set()
            yield ("readings", name), reading, frozenset({*CONTRACT[name].arguments, *own})


def _templates(model: Frozen, arguments: frozenset[str], loc: Loc) -> Iterator[Problem]:
    roots = ALWAYS | arguments
    for place, text in texts(model, loc):
        for placeholder in placeholders(text):
            root = placeholder.path[0]
            if root not in roots:
                near = difflib.get_close_matches(root, roots, n=1)
                hint = f"Did you mean {near[0]}?" if near else "Literal braces are written twice: {{name}}."
                yield Problem(place, "unknown name in a template", "{" + placeholder.name + "}", _listed(roots), hint)
            elif root == "args" and (len(placeholder.path) < 2 or placeholder.path[1] not in arguments):
                yield Problem(place, "unknown argument", "{" + placeholder.name + "}", _listed(arguments) or "none")
            for name, _ in placeholder.filters:
                if name not in FILTERS:
                    yield Problem(place, "unknown filter in a template", name, ", ".join(FILTERS))


def texts(value: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every text inside a model, with its place; patterns hold no templates and are left out."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, Frozen):
        for name, info in type(value).model_fields.items():
            if name not in ("pattern", "time_format"):
                yield from texts(getattr(value, name), (*loc, info.alias or name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(part, (*loc, key))
    elif isinstance(value, Sequence):
        for place, part in enumerate(value):
            yield from texts(part, (*loc, place))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
