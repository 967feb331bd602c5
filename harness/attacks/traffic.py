"""Replaying and forging the learner's own progress reports, on any vendor, without scripting."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from harness.browser.exchange import Exchange, leaves, rewrite
from harness.browser.reports import DIGEST, Field, FieldKind, ReportPattern, to_number
from harness.browser.session import Screen
from harness.errors import StepFailed
from harness.model.observation import RequestSent, Stimulus
from harness.redact import redact, redact_url

__all__ = ["ReportPattern", "Sent", "backwards", "burst", "forge", "replay", "send", "summary"]

Sent = RequestSent | Stimulus

NOT_OURS = ("host", "cookie", "user-agent", "content-length", "referer", "origin", "accept-encoding", "connection")
"""Headers that a browser sets itself."""
FETCH = """async ([url, method, headers, body]) => {
  // A form with files, as it was recorded (identity.watch), becomes one again: the browser sets the boundary.
  if ((headers["content-type"] || "") === "multipart/form-data") {
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(body)) {
      const file = /^data:([a-z]+\\/[a-z.+-]+);base64,(.*)$/s.exec(value);
      const bytes = file && Uint8Array.from(atob(file[2]), (c) => c.charCodeAt(0));
      if (file) form.append(name, new Blob([bytes], {type: file[1]}), "picture.jpg");
      else form.append(name, value);
    }
    delete headers["content-type"];
    body = form;
  }
  // With cookies where the server takes them, else as a page without credentials; redirects are never followed.
  let failed = "";
  for (const credentials of ["include", "same-origin"]) {
    try {
      const answer = await fetch(url, {method, headers, body: body ?? undefined, credentials, redirect: "manual"});
      return answer.type === "opaqueredirect" ? "error: redirected" : answer.status;
    } catch (error) { failed = "error: " + error; }
  }
  return failed;
}"""
SOCKET = """([url, method, headers, body]) => new Promise((resolve) => {
  const socket = new WebSocket(url);
  socket.onerror = () => resolve("error: the socket did not open");
  socket.onopen = () => { socket.send(body); setTimeout(() => { socket.close(); resolve(101); }, 500); };
})"""
SEND_TIMEOUT_S = 15.0


async def send(screen: Screen, name: str, exchange: Exchange, url: str, body: str | None) -> RequestSent:
    """Send one request from inside the page, with the page's own headers and cookies.

    A status is None, and `error` says why, when no answer could be seen. Raises AuthorizationError for a host that
    the profile does not authorize, with nothing sent.
    """
    target = screen.check_host(url)
    headers = {
        k: v for k, v in exchange.headers.items() if k not in NOT_OURS and not k.startswith(("sec-", ":", "proxy-"))
    }
    script = SOCKET if exchange.method == "WS" else FETCH
    try:
        said = await asyncio.wait_for(
            screen.evaluate_beside(target, script, [target, exchange.method, headers, body]), SEND_TIMEOUT_S
        )
    except (StepFailed, TimeoutError) as error:
        said = f"error: {error}"
    status = said if isinstance(said, int) else None
    return RequestSent(
        name=name,
        method=exchange.method,
        url=redact_url(target),
        status=status,
        error="" if status is not None else redact(str(said))[:200],
    )


async def replay(screen: Screen, pattern: ReportPattern, *, times: int, interval_s: float) -> list[Sent]:
    """Send the recorded reports again, word for word."""
    sent: list[Sent] = []
    examples = pattern.examples or (pattern.example,)
    for n in range(times):
        example = examples[n % len(examples)]
        sent.append(await send(screen, "replay", example, example.url, example.body))
        await asyncio.sleep(interval_s)
    sent.append(summary("replay", sent, pattern, times=times))
    return sent


async def backwards(screen: Screen, pattern: ReportPattern, *, interval_s: float) -> list[Sent]:
    """Send the recorded reports once more, the last first: does the order count?"""
    sent: list[Sent] = []
    for example in reversed(pattern.examples or (pattern.example,)):
        sent.append(await send(screen, "backwards", example, example.url, example.body))
        await asyncio.sleep(interval_s)
    sent.append(summary("backwards", sent, pattern))
    return sent


async def burst(screen: Screen, pattern: ReportPattern, *, count: int, step_s: float, interval_s: float) -> list[Sent]:
    """A whole lesson in a few seconds: report after report, each `step_s` seconds of study further."""
    sent: list[Sent] = []
    fields = [f for f in pattern.moving if f.kind != "other"]
    for n in range(1, count + 1):
        later = time.monotonic() - pattern.example.t
        url, body = change(pattern.example, fields, n * step_s, later_s=later, delta_s=step_s, counts=n)
        sent.append(await send(screen, "burst", pattern.example, url, body))
        await asyncio.sleep(interval_s)
    sent.append(summary("burst", sent, pattern, count=count, step_s=step_s))
    return sent


VARIANTS: dict[str, frozenset[FieldKind]] = {
    "deltas": frozenset({"delta"}),
    "positions": frozenset({"position", "progress"}),
    "all": frozenset({"delta", "position", "progress", "counter", "timestamp"}),
}
FURTHEST = re.compile(r"(^|[._:-])(max|far|high)|furthest|farthest|frontier|progress|watched|viewed|learned", re.I)
"""Names of the furthest point that a learner is said to have reached."""


async def forge(screen: Screen, pattern: ReportPattern, *, raise_s: float) -> list[Sent]:
    """Raise the numbers that move: study time and position by `raise_s`, progress to the whole.

    Study time alone, positions alone, the furthest point alone, all together with counters and timestamps taken on as
    the page would, and these once more with everything left empty that looks like a signature or a token.
    """
    sent: list[Sent] = []
    tried: set[tuple[str, str | None]] = set()
    for name, url, body in forgeries(pattern, raise_s, later_s=time.monotonic() - pattern.example.t):
        if (url, body) not in tried:
            tried.add((url, body))
            sent.append(await send(screen, f"forge_{name}", pattern.example, url, body))
    sent.append(summary("forge", sent, pattern, raise_s=raise_s))
    return sent


def forgeries(pattern: ReportPattern, raise_s: float, *, later_s: float) -> Iterator[tuple[str, str, str | None]]:
    """Name, address and body of each forged report."""
    for name, kinds in VARIANTS.items():
        fields = [f for f in pattern.moving if f.kind in kinds]
        if fields:
            yield name, *change(pattern.example, fields, raise_s, later_s=later_s)
    furthest = _furthest(pattern)
    if furthest:
        yield "furthest", *change(pattern.example, furthest, raise_s, later_s=later_s)
    signs = _signs(pattern)
    if signs:
        moved = [f for f in pattern.moving if f.kind in VARIANTS["all"]]
        yield "unsigned", *change(pattern.example, moved, raise_s, later_s=later_s, emptied=signs)


def _furthest(pattern: ReportPattern) -> list[Field]:
    """The furthest point among a report's numbers, by name; where it stood still so far, in seconds."""
    known = {f.path: f for f in pattern.moving}
    found = []
    for path, value in leaves(pattern.example).items():
        if FURTHEST.search(path) and to_number(value) is not None:
            field = known.get(path, Field(path, "position"))
            if field.kind in ("position", "progress"):
                found.append(field)
    return found


def _signs(pattern: ReportPattern) -> frozenset[str]:
    """Values that look like a signature or a token and are different in every report."""
    seen: dict[str, set[str]] = {}
    for example in pattern.examples:
        for path, value in leaves(example).items():
            if isinstance(value, str) and DIGEST.match(value):
                seen.setdefault(path, set()).add(value)
    return frozenset(path for path, values in seen.items() if len(values) == len(pattern.examples) > 1)


def summary(name: str, sent: Iterable[Sent], pattern: ReportPattern, **params: float) -> Stimulus:
    """What was sent in all, and how much of it was answered as if it were welcome."""
    statuses = [s.status for s in sent if isinstance(s, RequestSent)]
    accepted = sum(1 for s in statuses if s is not None and (200 <= s < 300 or s == 101))
    return Stimulus(
        name=name,
        means="tool",
        params={**params, "method": pattern.method, "url": redact_url(pattern.url)},
        effect={"sent": len(statuses), "answered_2xx": accepted},
    )


def change(
    exchange: Exchange,
    fields: Iterable[Field],
    raise_s: float,
    *,
    later_s: float = 0.0,
    delta_s: float | None = None,
    counts: int = 1,
    emptied: frozenset[str] = frozenset(),
) -> tuple[str, str | None]:
    """The request's address and body with some numbers raised; timestamps go on by `later_s`, counters by `counts`.

    Study time since the last report becomes `delta_s`, or `raise_s` without it; values at `emptied` become empty.
    """
    by_path = {f.path: f for f in fields}

    def leaf(path: str, value: Any) -> Any:
        if path in emptied:
            return ""
        if path not in by_path:
            return value
        field = by_path[path]
        by = delta_s if field.kind == "delta" and delta_s is not None else raise_s
        return _raised(value, field, by, later_s, counts)

    return rewrite(exchange, leaf)


def _raised(value: Any, field: Field, raise_s: float, later_s: float, counts: int) -> Any:
    number = to_number(value)
    if number is None:
        return value
    if field.kind == "progress":
        new = field.unit
    elif field.kind == "counter":
        new = number + counts
    elif field.kind == "delta":
        new = raise_s * field.unit
    elif field.kind == "timestamp":
        new = number + later_s * field.unit
    else:
        new = number + raise_s * field.unit
    return like(value, new)


def like(value: Any, number: float) -> Any:
    """The number in the shape of the value that it takes the place of: whole, text, or a clock reading."""
    if isinstance(value, str) and ":" in value:
        seconds = int(number)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    whole = isinstance(value, int) or (isinstance(value, str) and "." not in value)
    new = round(number) if whole else number
    return str(new) if isinstance(value, str) else new
