"""Replaying and forging the learner's own progress reports, on any vendor, without scripting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harness.browser.network import Exchange, Field, FieldKind, ReportPattern
from harness.browser.session import Screen
from harness.errors import StepFailed
from harness.model.observation import RequestSent, Stimulus
from harness.redact import redact_url

__all__ = ["ReportPattern", "Sent", "forge", "replay", "send"]

Sent = RequestSent | Stimulus

NOT_OURS = ("host", "cookie", "user-agent", "content-length", "referer", "origin", "accept-encoding", "connection")
"""Headers that a browser sets itself."""
SEND = """async ([url, method, headers, body]) => {
  try {
    const answer = await fetch(url, {method, headers, body: body ?? undefined, credentials: "include"});
    return answer.status;
  } catch (error) { return "error: " + error; }
}"""


async def send(screen: Screen, name: str, exchange: Exchange, url: str, body: str | None) -> RequestSent:
    """Send one request from inside the page, with the page's own headers and cookies."""
    target = screen.check_host(url)
    headers = {
        k: v for k, v in exchange.headers.items() if k not in NOT_OURS and not k.startswith(("sec-", ":", "proxy-"))
    }
    try:
        said = await asyncio.wait_for(screen.evaluate(SEND, [target, exchange.method, headers, body]), 15)
    except (StepFailed, TimeoutError) as error:
        said = f"error: {error}"
    status = said if isinstance(said, int) else None
    return RequestSent(
        name=name,
        method=exchange.method,
        url=redact_url(target),
        status=status,
        error="" if status is not None else str(said)[:200],
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
    "all": frozenset({"delta", "position", "progress", "counter"}),
}


async def forge(screen: Screen, pattern: ReportPattern, *, raise_s: float) -> list[Sent]:
    """Raise the numbers that move: study time and position by `raise_s`, progress to 1; field by field and together."""
    sent: list[Sent] = []
    tried: set[tuple[str, str | None]] = set()
    for name, kinds in VARIANTS.items():
        fields = [f for f in pattern.moving if f.kind in kinds]
        if not fields:
            continue
        url, body = change(pattern.example, fields, raise_s)
        if (url, body) in tried:
            continue
        tried.add((url, body))
        sent.append(await send(screen, f"forge_{name}", pattern.example, url, body))
    sent.append(_summary("forge", sent, pattern, raise_s=raise_s))
    return sent


def _summary(name: str, sent: Iterable[Sent], pattern: ReportPattern, **params: float) -> Stimulus:
    statuses = [s.status for s in sent if isinstance(s, RequestSent)]
    return Stimulus(
        name=name,
        means="tool",
        params={**params, "method": pattern.method, "url": redact_url(pattern.url)},
        effect={"sent": len(statuses), "answered_2xx": sum(1 for s in statuses if s is not None and 200 <= s < 300)},
    )


def change(exchange: Exchange, fields: Iterable[Field], raise_s: float) -> tuple[str, str | None]:
    """The request's address and body with some numbers raised."""
    by_place: dict[str, dict[str, FieldKind]] = {"json": {}, "form": {}, "query": {}}
    for f in fields:
        place, _, path = f.path.partition(":")
        by_place[place][path] = f.kind
    url, body = exchange.url, exchange.body
    if by_place["query"]:
        parts = urlsplit(url)
        pairs = [(k, _raised(v, by_place["query"].get(k), raise_s)) for k, v in parse_qsl(parts.query)]
        url = urlunsplit(parts._replace(query=urlencode(pairs)))
    if body and by_place["json"]:
        body = json.dumps(_change_json(json.loads(body), by_place["json"], raise_s, ""), ensure_ascii=False)
    elif body and by_place["form"]:
        body = urlencode([(k, _raised(v, by_place["form"].get(k), raise_s)) for k, v in parse_qsl(body)])
    return url, body


def _change_json(value: object, kinds: dict[str, FieldKind], raise_s: float, path: str) -> object:
    join: Callable[[object], str] = lambda name: f"{path}.{name}" if path else str(name)  # noqa: E731
    if isinstance(value, dict):
        return {k: _change_json(v, kinds, raise_s, join(k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_change_json(v, kinds, raise_s, join(i)) for i, v in enumerate(value)]
    return _raised(value, kinds.get(path), raise_s)


def _raised(value: object, kind: FieldKind | None, raise_s: float) -> object:
    if kind is None:
        return value
    number = float(str(value))
    if kind == "progress":
        new = 1.0
    elif kind == "counter":
        new = number + 1
    elif kind == "delta":
        new = raise_s * (1000 if number > 1000 else 1)
    else:
        new = number + raise_s * (1000 if number > 100_000 else 1)
    whole = isinstance(value, int) or (isinstance(value, str) and "." not in value)
    changed: object = int(new) if whole else new
    return str(changed) if isinstance(value, str) else changed
