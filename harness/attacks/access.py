"""Reaching for another learner's record with one's own session: their addresses, their identifiers in one's own.

Only ever for the second of our own test accounts; nobody else's identifiers are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from harness.browser.exchange import Exchange
from harness.browser.session import Screen
from harness.errors import SubjectError
from harness.model.observation import Stimulus
from harness.redact import redact_url

NAMES = (
    "account", "username", "user", "userId", "user_id", "uid", "student", "studentId", "student_id", "learner",
    "learner_id", "name", "id",
)  # fmt: skip
"""Parameters by which platforms usually name a learner."""
NOT_OURS = frozenset({"host", "cookie", "content-length", "accept-encoding", "connection"})
LEAST_DIGITS = 12
"""Digits of a moment to the second and the like: nobody else's record holds the same by chance."""
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Marks:
    """What gives another learner's record away: words that name the learner, and moments that only their record has."""

    words: frozenset[str]
    digits: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], theirs: Iterable[str], mine: Iterable[str]) -> Marks:
        """`names` of the learner; cells of their own record and of mine, as each sees them."""
        own = {_digits(cell) for cell in mine}
        told = {_digits(cell) for cell in theirs} - own
        return cls(
            frozenset(name for name in names if len(name) >= LEAST_LETTERS),
            frozenset(one for one in told if len(one) >= LEAST_DIGITS),
        )

    def within(self, text: str, asked: str = "") -> bool:
        """Does a text give the learner away? What was in the address `asked` for may only have been said back."""
        words = [word for word in self.words if word not in asked]
        return any(word in text for word in words) or any(one in _digits(text) for one in self.digits)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def reads(traffic: Iterable[Exchange]) -> dict[str, Exchange]:
    """The page's own successful reading requests, by address; the last of each."""
    return {e.url: e for e in traffic if e.method == "GET" and e.type in ("xhr", "fetch", "document") and _good(e)}


def _good(exchange: Exchange) -> bool:
    return exchange.status is not None and 200 <= exchange.status < 300


def changed(url: str, swaps: Mapping[str, str], whom: str) -> Iterator[str]:
    """Addresses that differ from one's own by the learner named: own identifiers swapped, usual parameters added."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    path = "/".join(swaps.get(piece, piece) for piece in parts.path.split("/"))
    swapped = urlunsplit(parts._replace(path=path, query=urlencode([(k, swaps.get(v, v)) for k, v in pairs])))
    if swapped != urlunsplit(parts._replace(query=urlencode(pairs))):
        yield swapped
    for name in NAMES:
        if name not in dict(pairs):
            yield urlunsplit(parts._replace(query=urlencode([*pairs, (name, whom)])))


async def fetch_as(screen: Screen, way: str, url: str, like: Exchange, marks: Marks) -> Stimulus:
    """Ask for an address with one's own session, dressed as the page's own request `like`; was the other seen?"""
    headers = {k: v for k, v in like.headers.items() if k not in NOT_OURS and not k.startswith(("sec-", ":", "if-"))}
    status: int | None = None
    shown, error = False, ""
    try:
        answer = await screen.fetch(url, headers=headers)
        status, shown = answer.status, marks.within(answer.body.decode("utf-8", "replace"), unquote(url))
    except SubjectError as failed:
        error = failed.message
    return Stimulus(
        name="foreign_record",
        means="tool",
        params={"way": way, "url": redact_url(url)},
        effect={"status": status, "shown": shown and status is not None and status < 300, "error": error},
    )


def addresses(
    own: Mapping[str, Exchange], theirs: Mapping[str, Exchange], swaps: Mapping[str, str], whom: str
) -> Sequence[tuple[str, str, Exchange]]:
    """What to ask for, as way, address and the own request to dress like: their addresses, then one's own, changed."""
    if not own:
        return ()
    like = list(own.values())[-1]
    found = [("their_address", url, like) for url in theirs if url not in own]
    for url, exchange in own.items():
        found += [("changed_identifier", other, exchange) for other in changed(url, swaps, whom)]
    return found
