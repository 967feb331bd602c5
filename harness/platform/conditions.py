"""What a page shows now: the conditions of lesson_state, if_exists, repeat and signed_out."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.model.reading import States
from harness.model.steps import Condition
from harness.model.values import LessonState
from harness.platform.templates import Missing, raw, render

if TYPE_CHECKING:
    from harness.browser.session import Screen

MEDIA = "(el) => el.ended ? 'ended' : el.paused ? 'paused' : 'playing'"
POLL_S = 0.1


async def holds(screen: Screen, condition: Condition, scope: Mapping[str, Any], frame: tuple[str, ...] = ()) -> bool:
    """Does the page show this now? `frame` is where the steps around it are."""
    return await _shows(screen, condition, scope, (*frame, *condition.frame)) is not condition.absent


async def _shows(screen: Screen, condition: Condition, scope: Mapping[str, Any], frame: tuple[str, ...]) -> bool:
    if condition.given is not None and not _given(condition.given, scope):
        return False
    if condition.url is not None and re.search(render(condition.url, scope), screen.url) is None:
        return False
    if condition.media is not None and await screen.evaluate_in_media(MEDIA) != condition.media:
        return False
    if condition.selector is not None and not await screen.exists(render(condition.selector, scope), frame=frame):
        return False
    return condition.text is None or await screen.exists(f"text={render(condition.text, scope)}", frame=frame)


def _given(template: str, scope: Mapping[str, Any]) -> bool:
    try:
        value = raw(template, scope)
    except Missing:
        return False
    return bool(value.strip() if isinstance(value, str) else value)


async def comes_true(
    screen: Screen, condition: Condition, scope: Mapping[str, Any], within_s: float, frame: tuple[str, ...] = ()
) -> bool:
    """Does the page show this within some seconds?"""
    end = time.monotonic() + within_s
    while True:
        if await holds(screen, condition, scope, frame):
            return True
        if time.monotonic() >= end:
            return False
        await asyncio.sleep(POLL_S)


async def any_holds(screen: Screen, conditions: Condition | tuple[Condition, ...], scope: Mapping[str, Any]) -> bool:
    """Does one of these hold?"""
    each = conditions if isinstance(conditions, tuple) else (conditions,)
    for condition in each:
        if await holds(screen, condition, scope):
            return True
    return False


async def lesson_state(screen: Screen, states: States, scope: Mapping[str, Any]) -> LessonState:
    """The first state, in the order written, that the page shows; UNKNOWN when none does."""
    each = {
        state: conditions if isinstance(conditions, tuple) else (conditions,) for state, conditions in states.items()
    }
    plain = [render(c.selector, scope) for cs in each.values() for c in cs if _plain(c) and c.selector is not None]
    known = dict(zip(plain, await screen.seen(plain), strict=True)) if plain else {}
    for state, conditions in each.items():
        for condition in conditions:
            shown = known.get(render(condition.selector, scope)) if _plain(condition) and condition.selector else None
            if (await holds(screen, condition, scope)) if shown is None else shown is not condition.absent:
                return state
    return LessonState.UNKNOWN


def _plain(condition: Condition) -> bool:
    """Is it about a selector in whatever frame, and nothing else?"""
    others = (condition.text, condition.url, condition.media, condition.given)
    return condition.selector is not None and not condition.frame and all(part is None for part in others)
