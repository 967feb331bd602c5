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
from harness.errors import AuthorizationError, SubjectError
from harness.model.observation import Stimulus
from harness.redact import redact_url

NAMES = (
    "account", "username", "user", "userId", "user_id", "uid", "student", "studentId", "student_id", "learner",
    "learner_id", "name", "id",
)  # fmt: skip
"""Parameters by which platforms usually name a learner."""
NOT_OURS = frozenset({"host", "cookie", "content-length", "accept-encoding", "connection"})
LEAST_DIGITS = 12
"""Digits of a moment to the minute: hardly anybody else's record holds the same by chance."""
SURE_DIGITS = 14
"""Digits of a moment to the second: nobody's does."""
LEAST_LETTERS = 2
LEAST_NUMBER = 6
"""Digits of a name that is a number (a telephone's, not the twelfth of a class): fewer stand anywhere in a page."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


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
            frozenset(name for name in names if len(name) >= (LEAST_NUMBER if name.isdigit() else LEAST_LETTERS)),
            frozenset(one for one in told if len(one) >= LEAST_DIGITS),
        )

    def within(self, text: str, asked: str = "") -> bool:
        """Does a text give the learner away? What was in the address `asked` for may only have been said back."""
        words = [word for word in self.words if word not in asked]
        return any(_stands(word, text) for word in words) or any(one in _digits(text) for one in self.digits)

    def not_in(self, text: str) -> Marks:
        """Without what an answer to one's own unaltered request shows too: a list of the class, another moment of the
        same minute. A moment to the second is no chance, there either."""
        digits = _digits(text)
        return Marks(
            frozenset(word for word in self.words if not _stands(word, text)),
            frozenset(one for one in self.digits if len(one) >= SURE_DIGITS or one not in digits),
        )


def _stands(word: str, text: str) -> bool:
    """Is a word in a text, and not only a part of another (xy1 in xy12)?"""
    return re.search(rf"(?<![0-9A-Za-z_]){re.escape(word)}(?![0-9A-Za-z_])", text) is not None


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
    status, text, error = await _ask(screen, url, like)
    shown = status is not None and status < 300 and marks.within(text, unquote(url))
    return Stimulus(
        name="foreign_record",
        means="tool",
        params={"way": way, "url": redact_url(url)},
        effect={"status": status, "shown": shown, "error": error},
    )


async def fetch_own(screen: Screen, url: str, like: Exchange, own: Marks) -> tuple[Stimulus, str]:
    """Ask once more for what the page asked itself, unaltered: is one's own record in the answer, and what else is?"""
    status, text, error = await _ask(screen, url, like)
    params, effect = {"url": redact_url(url)}, {"status": status, "shown": own.within(text), "error": error}
    return Stimulus(name="own_record", means="tool", params=params, effect=effect), text


async def _ask(screen: Screen, url: str, like: Exchange) -> tuple[int | None, str, str]:
    """Status, text and error of an answer; a host that nobody authorized is not asked."""
    headers = {k: v for k, v in like.headers.items() if k not in NOT_OURS and not k.startswith(("sec-", ":", "if-"))}
    try:
        answer = await screen.fetch(url, headers=headers)
    except (SubjectError, AuthorizationError) as failed:
        return None, "", failed.message
    return answer.status, _text(answer.body), ""


def _text(body: bytes) -> str:
    """An answer in UTF-8 or GBK, with the letters that JSON writes as numbers."""
    try:
        plain = body.decode("utf-8")
    except UnicodeDecodeError:
        plain = body.decode("gb18030", "replace")
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), plain)


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
