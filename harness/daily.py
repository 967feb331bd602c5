"""How long each account has studied on each day, so that nobody studies past what the platform credits in one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from harness.stages import BEIJING
from harness.view import WalkView


class Days:
    """Seconds by account and day, as the platform's clock tells days in Beijing.

    All the time of a walk counts as study, and all of it on every day that it touches: never less than is credited.
    """

    def __init__(self, cap_s: float | None, *, offset_s: float = 0.0) -> None:
        """Without a cap there is always room; `offset_s` is the platform's clock minus ours."""
        self._cap_s = cap_s
        self._offset = timedelta(seconds=offset_s)
        self._studied: dict[tuple[str, date], float] = defaultdict(float)

    def room(self, account: str, start: datetime, seconds: float) -> bool:
        """May an account study for so long from a moment on?"""
        return self._cap_s is None or all(
            self._studied[account, day] + seconds <= self._cap_s for day in self._days(start, seconds)
        )

    def add(self, account: str, start: datetime, seconds: float) -> None:
        """It studies, or has studied."""
        for day in self._days(start, seconds):
            self._studied[account, day] += seconds

    def take_back(self, account: str, start: datetime, seconds: float) -> None:
        """What was added for what turned out otherwise."""
        for day in self._days(start, seconds):
            self._studied[account, day] -= seconds

    def keep(self, made: Iterable[WalkView]) -> None:
        """Add what the walks of a ledger studied; one that was cut off, as long as it was seen."""
        for view in made:
            if view.plan is None or not view.plan.lessons:
                continue
            start, end = (datetime.fromisoformat(view.observations[place].utc) for place in (0, -1))
            for account in view.plan.accounts:
                self.add(account, start, (end - start).total_seconds())

    def _days(self, start: datetime, seconds: float) -> set[date]:
        there = (start + self._offset).astimezone(BEIJING)
        last = (there + timedelta(seconds=seconds)).date()
        return {there.date() + timedelta(days=n) for n in range((last - there.date()).days + 1)}
