"""Ending a lesson that was not watched: the end report without the way to it, and calls by the page's own addresses."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from harness.attacks.traffic import Sent, send, summary
from harness.browser.exchange import Exchange, rewrite
from harness.browser.hosts import origin
from harness.browser.reports import Field, ReportPattern, to_number
from harness.browser.session import Screen
from harness.errors import AuthorizationError

RUNNING = re.compile(r"^(tick|play(ing)?|timeupdate|heart_?beat|progress|learning|start(ed)?|update|running)$", re.I)
"""What a report calls an ordinary moment of a lesson."""
ENDED = ("ended", "finish", "complete")
"""What the end is called; each is tried."""
DONE = re.compile(r"(^|[._:-])(is_?)?(finish(ed)?|complete(d)?|done|ended?|over|pass(ed)?)$", re.I)
"""Names of a flag that says a lesson is done."""
_CALL = re.compile(r"[\"'`](/?[\w./${}-]*(?:finish|complete|endstudy|end_study)\w*(?:[./][\w./${}-]*)?)[\"'`]", re.I)
_HOLE = re.compile(r"\$\{[^}]*\}")
_NAME = re.compile(r"^(\d+|[0-9a-f-]{8,})$", re.I)
_FILE = re.compile(r"\.(js|css|html?|png|svg|jpe?g|vue|ts)$", re.I)
SCRIPTS = """async () => {
  // The text of the page's own scripts, inline ones and those of its origin.
  const found = [...document.scripts].map((s) => s.src ? "" : s.textContent);
  const loaded = performance.getEntriesByType("resource").map((r) => r.name);
  const named = [...document.scripts].map((s) => s.src);
  for (const url of new Set([...loaded, ...named])) {
    if (!url.startsWith(location.origin) || !/\\.m?js(\\?|$)/.test(url)) continue;
    try { found.push(await (await fetch(url, {cache: "force-cache"})).text()); } catch (error) { continue; }
  }
  return found.join("\\n").slice(0, 3_000_000);
}"""
MOST_CALLS = 12
"""Addresses tried at most: a page's scripts may name many."""


async def finish(screen: Screen, pattern: ReportPattern, *, length_s: float) -> list[Sent]:
    """Say that the lesson of `length_s` media seconds is over: by the end report, then by every call found for it."""
    sent: list[Sent] = []
    later = time.monotonic() - pattern.example.t
    tried: set[tuple[str, str | None]] = set()
    for url, body in endings(pattern, length_s, later_s=later):
        if (url, body) not in tried:
            tried.add((url, body))
            sent.append(await send(screen, "finish", pattern.example, url, body))
    texts = await screen.values_everywhere(SCRIPTS)
    at_end = next(iter(endings(pattern, length_s, later_s=later)))[1]
    for url in list(calls(texts, pattern.example))[:MOST_CALLS]:
        try:
            sent.append(await send(screen, "finish_call", pattern.example, url, at_end))
        except AuthorizationError:  # named by a script, but nobody allowed us to go there
            continue
    sent.append(summary("finish", sent, pattern, length_s=length_s))
    return sent


def endings(pattern: ReportPattern, length_s: float, *, later_s: float) -> Iterator[tuple[str, str | None]]:
    """The report as it would be at the lesson's end, with each word for it. Pure."""
    fields = {f.path: f for f in pattern.moving}
    for word in ENDED:

        def leaf(path: str, value: Any, word: str = word) -> Any:
            return _at_end(path, value, fields, length_s, later_s, word)

        yield rewrite(pattern.example, leaf)


def _at_end(path: str, value: Any, fields: dict[str, Field], length_s: float, later_s: float, word: str) -> Any:
    field = fields.get(path)
    if isinstance(value, bool):
        return True if DONE.search(path) else value
    number = to_number(value)
    if number is None or field is None:
        if isinstance(value, str) and RUNNING.match(value):
            return word
        flag = DONE.search(path) and value in (0, "0", "false", "")
        return (1 if value == 0 else "1" if value == "0" else "true") if flag else value
    new = {
        "position": length_s * field.unit,
        "delta": length_s * field.unit,
        "progress": field.unit,
        "counter": number + 1,
        "timestamp": number + later_s * field.unit,
        "other": number,
    }[field.kind]
    whole = isinstance(value, int) or (isinstance(value, str) and "." not in value)
    shaped = round(new) if whole else new
    return str(shaped) if isinstance(value, str) else shaped


def calls(texts: Iterable[object], example: Exchange) -> Iterator[str]:
    """Addresses for ending a lesson: those that the page's scripts name, and neighbours of its reports. Pure.

    Holes in a template are filled with the numbers of the report's own address.
    """
    seen: set[str] = set()
    parts = urlsplit(example.url)
    names = [p for p in parts.path.split("/") if _NAME.match(p)]
    home = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    words = [m.group(1) for text in texts if isinstance(text, str) for m in _CALL.finditer(text)]
    for word in (*words, *_neighbours(parts.path)):
        path = _HOLE.sub(lambda _: names[-1] if names else "", word)
        if "/" not in path or "$" in path or "{" in path or _FILE.search(path):
            continue
        url = urljoin(home, path if path.startswith("/") else f"/{path}")
        if url not in seen and origin(url) == origin(home):
            seen.add(url)
            yield url


def _neighbours(path: str) -> Iterator[str]:
    """`/api/study/5/report` -> `/api/study/5/finish` and the like."""
    stem = path.rstrip("/")
    above, _, last = stem.rpartition("/")
    for word in ("finish", "complete", "end"):
        yield f"{stem if _NAME.match(last) else above}/{word}{'/' if path.endswith('/') else ''}"
