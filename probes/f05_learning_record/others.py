"""Two learners study; then one reaches for the other's record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC

from harness.attacks import access
from harness.browser.exchange import Exchange
from harness.errors import ReadingFailed, SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.model.values import StudyRecord, Table
from harness.platform.profile import Account
from harness.platform.readings import parse_time
from harness.walk import Walk

LEAST_LENGTH = 3
"""Shorter parts of an account (a class, a gender) name nobody."""


async def others(walk: Walk) -> None:
    """Both look at their own record; then the first asks for what the second saw, and for the same by other names."""
    mine = await walk.learner(0, screen="mine")
    theirs = await walk.learner(1, screen="theirs")
    for learner in (theirs, mine):
        await learner.enter()
        await walk.control(f"studied_{learner.name}", learner)
    their_table, their_traffic = await _own_record(theirs)
    my_table, my_traffic = await _own_record(mine)
    names = set(_names(theirs.account)) - set(_names(mine.account))
    marks = access.Marks.of(names, _cells(their_table), _cells(my_table))
    own = access.Marks.of((), _cells(my_table), _cells(their_table))
    for url, exchange in my_traffic.items():
        asked, said = await access.fetch_own(mine.screen, url, exchange, own)
        mine.note(asked)
        marks = marks.not_in(said)
    swaps = _swaps(mine.account, theirs.account)
    for way, url, like in access.addresses(my_traffic, their_traffic, swaps, theirs.account.username):
        await _ask(mine, way, url, like, marks)
    await _readers_way(walk, mine, theirs)


async def _own_record(learner: Learner) -> tuple[Table, dict[str, Exchange]]:
    """What the own record shows, and the requests that the page made for it."""
    mark = learner.screen.traffic.mark()
    table: Table = await learner.do("open_records")
    return table, access.reads(learner.screen.traffic.since(mark))


async def _ask(mine: Learner, way: str, url: str, like: Exchange, marks: access.Marks) -> None:
    mine.note(await access.fetch_as(mine.screen, way, url, like, marks))


def _cells(table: Table) -> list[str]:
    """What stands in a table, and its moments as an interface may write them."""
    cells = [cell for row in table.rows for cell in row.values()]
    return [*cells, *(form for cell in cells for form in _forms(cell))]


def _forms(cell: str) -> Iterator[str]:
    """A moment by the world's clock, and in milliseconds since 1970; nothing where a cell is none to the minute."""
    digits = sum(letter.isdigit() for letter in cell)
    if digits < access.LEAST_DIGITS:
        return
    try:
        moment = parse_time(cell).astimezone(UTC)
    except ReadingFailed:
        return
    if digits >= access.SURE_DIGITS:
        yield f"{moment:%Y-%m-%d %H:%M:%S}"
        yield f"{int(moment.timestamp()) * 1000}"
    else:
        yield f"{moment:%Y-%m-%d %H:%M}"


def _names(account: Account) -> list[str]:
    """What names a learner to a reader."""
    return [one for one in (account.username, account.name, account.attributes.get("id_number", "")) if one]


def _swaps(mine: Account, theirs: Account) -> dict[str, str]:
    """One's own identifiers, and what stands in their place for the other."""
    pairs = [(mine.username, theirs.username), (mine.id, theirs.id)]
    pairs += [(own, theirs.attributes[key]) for key, own in mine.attributes.items() if key in theirs.attributes]
    return {own: other for own, other in pairs if own != other and len(own) >= LEAST_LENGTH}


async def _readers_way(walk: Walk, mine: Learner, theirs: Learner) -> None:
    """The reader's own reading of their record, made in my session; the reader's answer is the control."""
    filters = {"learner": theirs.account, "lesson": theirs.lesson}
    known: tuple[StudyRecord, ...] = ()
    own: tuple[StudyRecord, ...] = ()
    seen: tuple[StudyRecord, ...] = ()
    error = ""
    try:
        known = await walk.platform.read("study_records", **filters)
        own = await walk.platform.read("study_records", learner=mine.account, lesson=mine.lesson)
        seen = await walk.platform.read_in(mine.session, "study_records", **filters)
    except SubjectError as failed:
        error = failed.message
    # A platform that answers with the asker's own rows shows nobody else's, though both began in the same minute.
    by = _began if _began(known) - _began(own) else _sittings
    only_theirs = by(known) - by(own)
    shown = bool(by(seen) & only_theirs)
    mine.note(
        Stimulus(
            name="foreign_record",
            means="tool",
            params={"way": "readers_way", "known_rows": len(known), "told_apart": len(only_theirs)},
            effect={"status": None, "shown": shown, "error": error},
        )
    )


def _began(rows: Iterable[StudyRecord]) -> set[tuple[object, ...]]:
    return {(row.start,) for row in rows if row.start is not None}


def _sittings(rows: Iterable[StudyRecord]) -> set[tuple[object, ...]]:
    """What tells two sittings apart that began at the same shown moment."""
    return {(row.start, row.end, row.duration_s) for row in rows if row.start is not None}
