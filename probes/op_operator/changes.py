"""What an intervention changed in each place, and which marks are new. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from harness.model.observation import RecordsRead
from harness.view import SegmentView
from probes.crosscheck import SAME_HOURS
from probes.tables import Read, reading, says

GAIN_S = 60.0
"""Seconds of credit by which a place must have grown to count as grown: far below the hours that were entered."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an intervention changed in a place."""

    grew: bool
    """Hours or credited time went up, beyond what a moment of study explains."""
    apart: bool
    """So did what it counts as entered by hand."""
    tells_apart: bool
    """It counts such hours by themselves."""
    marks: Counter[str]
    """Marks that stand there now; what stood there before any intervention is none."""
    new: Counter[str]
    """Those that were not there, or not so often."""


def change_of(name: str, place: str, looks: Sequence[SegmentView], after: SegmentView) -> Change | None:
    """None where the place could not be read, before or after."""
    was, now = last(looks, place), reading(after, place)
    if was is None or now is None or now.table is None:
        return None
    first = reading(looks[0], place)
    said = _without(_marks(now, name), () if first is None else _marks(first, name))
    return Change(
        grew=_more(was, now, "hours", SAME_HOURS) or _more(was, now, "credited", GAIN_S),
        apart=_more(was, now, "added", 0.0),
        tells_apart=now.number("added") is not None,
        marks=said,
        new=said - _marks(was, name),
    )


def last(looks: Sequence[SegmentView], place: str) -> Read | None:
    """What was last read of a place."""
    found = (reading(look, place) for look in reversed(looks))
    return next((read for read in found if read is not None and read.table is not None), None)


def _more(was: Read, now: Read, column: str, than: float) -> bool:
    return (now.number(column) or 0.0) - (was.number(column) or 0.0) > than


def _marks(read: Read, name: str) -> Counter[str]:
    """The marks that a table shows; the title of a file is one where its period was moved, and no other time."""
    columns = ("marks", "remark", *(("title",) if name == "backdate_period" else ()))
    return Counter(said for row in read.rows for c in columns if says(said := row.get(c, "").strip()))


def _without(said: Counter[str], ordinary: Collection[str]) -> Counter[str]:
    """What honest study bears too (正常) marks nothing."""
    return Counter({text: count for text, count in said.items() if text not in ordinary})


def new_rows(looks: Sequence[SegmentView], after: SegmentView) -> Counter[str] | None:
    """New marks of the study record's rows; None where they could be read at one time and not at the other."""
    known = [rows for look in looks if (rows := _rows(look)) is not None]
    now = _rows(after)
    if now is None or not known:
        return Counter() if now is None and not known else None
    return _without(now, _rows(looks[0]) or ()) - known[-1]


def _rows(look: SegmentView) -> Counter[str] | None:
    read = look.facts(RecordsRead)
    if not read or read[-1].rows is None:
        return None
    return Counter(row.marked for row in read[-1].rows if row.marked and says(row.marked))
