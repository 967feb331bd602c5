"""The course that a walk manages, as the catalogue shows it after each step. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.model.finding import Text
from harness.model.observation import ActionDone, TableRead
from harness.model.values import Table
from harness.view import SegmentView, WalkView

PUBLISHED = "published"
"""What the reading `courses` must say of a course that learners can study."""
OURS = "高处作业专题（测试"
"""How the title of a course that this tool made begins. Those of earlier runs stay in the catalogue: what they show of
outline and hours is what we entered, or left out."""
STEPS = {
    "create": Text(zh="新建", en="create"),
    "edit": Text(zh="修改", en="edit"),
    "submit": Text(zh="送审", en="submit"),
    "review": Text(zh="审核", en="review"),
    "publish": Text(zh="发布", en="publish"),
    "withdraw": Text(zh="下架", en="withdraw"),
    "publish_again": Text(zh="再次发布", en="publish again"),
}
"""The steps of its life in their order, as a person would call them."""
READ_AFTER = (
    "create",
    "edit",
    "publish_unreviewed",
    "submit",
    "review",
    "publish",
    "withdraw",
    "submit_again",
    "review_again",
    "publish_again",
)
"""The stretches at whose end the catalogue is read, in their order."""

Row = Mapping[str, str]


def catalogue_after(segment: SegmentView | None) -> Table | None:
    """The catalogue as it was after a step; None when it could not be read."""
    read = [] if segment is None else [t for t in segment.facts(TableRead) if t.reading == "courses"]
    return read[-1].table if read else None


def rows_after(segment: SegmentView | None) -> Sequence[Row]:
    """The courses in it; none when it could not be read."""
    table = catalogue_after(segment)
    return () if table is None else table.rows


def ours(row: Row) -> bool:
    """Is it a course that this tool made, in this run or an earlier one?"""
    return OURS in row.get("title", "")


class Managed:
    """The course of the walk through its steps.

    Lists may be kept for a while: what a step did may show only when the catalogue is read the next time.
    """

    def __init__(self, walk: WalkView) -> None:
        self._walk = walk
        self.steps = {name: walk.segments.get(name) for name in STEPS}
        self.title = self._titled("edit")
        made = self._by_title(self._titled("create"))
        self.id = made.get("id", "") if made else ""
        self.refs = tuple(sorted({r for s in self.steps.values() if s is not None for r in s.refs}))

    def _action(self, step: str) -> ActionDone | None:
        segment = self.steps[step]
        done = [] if segment is None else segment.facts(ActionDone)
        return done[-1] if done else None

    def _titled(self, step: str) -> str:
        """The title that a step gave to the course."""
        done = self._action(step)
        return done.args.get("title", "") if done is not None else ""

    def _by_title(self, title: str) -> Row | None:
        every = [t.table for t in self._walk.facts(TableRead) if t.reading == "courses" and t.table is not None]
        return next((r for t in every for r in t.rows if title and title in r.get("title", "")), None)

    @property
    def created(self) -> bool:
        """Is it in the catalogue under the title that it was given?"""
        return bool(self.id)

    def _read(self, first: str, until: str) -> list[tuple[Table, Row | None]]:
        """Each catalogue that was read from one step on and before another, and its row there."""
        names = READ_AFTER[READ_AFTER.index(first) : READ_AFTER.index(until) if until else None]
        tables = [t for name in names if (t := catalogue_after(self._walk.segments.get(name))) is not None]
        return [(t, next((r for r in t.rows if r.get("id") == self.id), None)) for t in tables]

    def rows(self, first: str, until: str = "") -> list[Row]:
        """Its rows in the catalogues that were read from one step on and before another."""
        return [row for _, row in self._read(first, until) if row is not None]

    def went_offline(self) -> bool | None:
        """Did a catalogue show it no longer on line between its withdrawal and its return; None when none was read."""
        read = [row for table, row in self._read("withdraw", "publish_again") if "state" in table.columns]
        return any(row is None or row.get("state") != PUBLISHED for row in read) if read else None

    def came_online(self) -> bool:
        """Does a catalogue show it on line between its publication and what came after its withdrawal?"""
        return any(row.get("state") == PUBLISHED for row in self.rows("publish", "submit_again"))

    def done(self, step: str) -> bool:
        """Did the page go along with a step?"""
        done = self._action(step)
        return done is not None and done.ok

    def failed(self) -> Text | None:
        """The first step whose action was not possible, with the error; None when all were."""
        for name, step in STEPS.items():
            done = self._action(name)
            if done is None:
                return Text(zh=f"步骤“{step.zh}”未执行", en=f"step '{step.en}' was not tried")
            if not done.ok:
                return Text(
                    zh=f"步骤“{step.zh}”未能完成：{done.error}", en=f"step '{step.en}' was not possible: {done.error}"
                )
        return None
