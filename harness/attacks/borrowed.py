"""Another learner's session: what it is logged in with, used to report on somebody else's study."""

from __future__ import annotations

from collections.abc import Iterable

from harness.attacks.traffic import Sent, change, send, summary
from harness.browser.exchange import Exchange
from harness.browser.reports import ReportPattern
from harness.browser.session import Screen

CREDENTIALS = ("authorization", "token", "x-csrf", "csrf", "session", "x-auth", "access")
"""Headers with one of these in their name say who is asking."""


async def report_as(
    screen: Screen, own: Iterable[Exchange], pattern: ReportPattern, *, raise_s: float, times: int
) -> list[Sent]:
    """From another learner's window, with that learner's cookies and headers (`own`), report on the first one's study.

    Word for word and raised; and once with the first one's headers and the other's cookies, mixed.
    """
    sent: list[Sent] = []
    theirs = credentials(own)
    fields = [f for f in pattern.moving if f.kind != "other"]
    mine = {k: v for k, v in pattern.example.headers.items() if not _who(k)}
    for n in range(times):
        example = pattern.examples[-1 - n % len(pattern.examples)] if pattern.examples else pattern.example
        asked = _with(example, {**mine, **theirs})
        sent.append(await send(screen, "as_other", asked, example.url, example.body))
    url, body = change(pattern.example, fields, raise_s)
    sent.append(await send(screen, "as_other_raised", _with(pattern.example, {**mine, **theirs}), url, body))
    sent.append(await send(screen, "mixed_raised", pattern.example, url, body))
    sent.append(summary("as_other", sent, pattern, raise_s=raise_s))
    return sent


def credentials(exchanges: Iterable[Exchange]) -> dict[str, str]:
    """The headers by which a page says who is asking, as it sent them last. Pure."""
    found: dict[str, str] = {}
    for exchange in exchanges:
        found |= {k: v for k, v in exchange.headers.items() if _who(k)}
    return found


def _who(header: str) -> bool:
    return any(part in header.lower() for part in CREDENTIALS)


def _with(exchange: Exchange, headers: dict[str, str]) -> Exchange:
    return Exchange(exchange.t, exchange.method, exchange.url, headers, exchange.body, exchange.type)
