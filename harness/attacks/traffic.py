"""Replaying and forging the learner's own progress reports, on any vendor, without scripting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from harness.browser.exchange import Exchange, rewrite
from harness.browser.reports import Field, FieldKind, ReportPattern, to_number
from harness.browser.session import Screen
from harness.errors import StepFailed
from harness.model.observation import RequestSent, Stimulus
from harness.redact import redact, redact_url

__all__ = ["ReportPattern", "Sent", "forge", "replay", "send"]

Sent = RequestSent | Stimulus

NOT_OURS = ("host", "cookie", "user-agent", "content-length", "referer", "origin", "accept-encoding", "connection")
"""Headers that a browser sets itself."""
FETCH = """async ([url, method, headers, body]) => {
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
    sent.append(_summary("replay", sent, pattern, times=times))
    return sent


VARIANTS: dict[str, frozenset[FieldKind]] = {
    "deltas": frozenset({"delta"}),
    "positions": frozenset({"position", "progress"}),
    "all": frozenset({"delta", "position", "progress", "counter", "timestamp"}),
}


async def forge(screen: Screen, pattern: ReportPattern, *, raise_s: float) -> list[Sent]:
    """Raise the numbers that move: study time and position by `raise_s`, progress to the whole.

    Study time alone, positions alone, and all together with counters and timestamps taken on, as the page would.
    """
    sent: list[Sent] = []
    tried: set[tuple[str, str | None]] = set()
    for name, kinds in VARIANTS.items():
        fields = [f for f in pattern.moving if f.kind in kinds]
        if not fields:
            continue
        url, body = change(pattern.example, fields, raise_s, later_s=time.monotonic() - pattern.example.t)
        if (url, body) in tried:
            continue
        tried.add((url, body))
        sent.append(await send(screen, f"forge_{name}", pattern.example, url, body))
    sent.append(_summary("forge", sent, pattern, raise_s=raise_s))
    return sent


def _summary(name: str, sent: Iterable[Sent], pattern: ReportPattern, **params: float) -> Stimulus:
    statuses = [s.status for s in sent if isinstance(s, RequestSent)]
    accepted = sum(1 for s in statuses if s is not None and (200 <= s < 300 or s == 101))
    return Stimulus(
        name=name,
        means="tool",
        params={**params, "method": pattern.method, "url": redact_url(pattern.url)},
        effect={"sent": len(statuses), "answered_2xx": accepted},
    )


def change(
    exchange: Exchange, fields: Iterable[Field], raise_s: float, *, later_s: float = 0.0
) -> tuple[str, str | None]:
    """The request's address and body with some numbers raised; timestamps go on by `later_s`."""
    by_path = {f.path: f for f in fields}

    def leaf(path: str, value: Any) -> Any:
        return _raised(value, by_path[path], raise_s, later_s) if path in by_path else value

    return rewrite(exchange, leaf)


def _raised(value: Any, field: Field, raise_s: float, later_s: float) -> Any:
    number = to_number(value)
    if number is None:
        return value
    if field.kind == "progress":
        new = field.unit
    elif field.kind == "counter":
        new = number + 1
    elif field.kind == "delta":
        new = raise_s * field.unit
    elif field.kind == "timestamp":
        new = number + later_s * field.unit
    else:
        new = number + raise_s * field.unit
    return _like(value, new)


def _like(value: Any, number: float) -> Any:
    """The number in the shape of the value that it takes the place of: whole, text, or a clock reading."""
    if isinstance(value, str) and ":" in value:
        seconds = int(number)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    whole = isinstance(value, int) or (isinstance(value, str) and "." not in value)
    new = round(number) if whole else number
    return str(new) if isinstance(value, str) else new
