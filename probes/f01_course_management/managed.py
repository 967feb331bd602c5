"""The course that a walk manages, as the catalogue shows it after each step. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.model.finding import Text
from harness.model.observation import ActionDone, TableRead
from harness.model.values import Table
from harness.view import SegmentView, WalkView

PUBLISHED = "published"
"""What the reading `courses` must say of a course that learners can study."""
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

Row = Mapping[str, str]


def catalogue_after(segment: SegmentView | None) -> Table | None:
    """The catalogue as it was after a step; None when it could not be read."""
    read = [] if segment is None else [t for t in segment.facts(TableRead) if t.reading == "courses"]
    return read[-1].table if read else None


def rows_after(segment: SegmentView | None) -> Sequence[Row]:
    """The courses in it; none when it could not be read."""
    table = catalogue_after(segment)
    return () if table is None else table.rows


class Managed:
    """The course of the walk through its steps."""

    def __init__(self, walk: WalkView) -> None:
        self.steps = {name: walk.segments.get(name) for name in STEPS}
        self.title = self._titled("edit")
        made = self._by_title(self._titled("create"), "create")
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

    def _by_title(self, title: str, step: str) -> Row | None:
        return next((r for r in rows_after(self.steps[step]) if title and title in r.get("title", "")), None)

    @property
    def created(self) -> bool:
        """Is it in the catalogue under the title that it was given?"""
        return bool(self.id)

    def row(self, step: str) -> Row | None:
        """Its row after a step; None when the catalogue could not be read or has none."""
        return next((r for r in rows_after(self.steps[step]) if r.get("id") == self.id), None)

    def published(self, step: str) -> bool | None:
        """Does the catalogue call it published after a step; None when it doesn't say."""
        row = self.row(step)
        return None if row is None or "state" not in row else row["state"] == PUBLISHED

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
