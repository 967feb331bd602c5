"""One attempt of a walk, from its first line in the ledger to its last: whatever goes wrong becomes an observation."""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import Callable

from harness.errors import NotDone, NotYet, SubjectError, Unsupported
from harness.events import Event
from harness.model.observation import Fault, TakenUp, WalkFinished, WalkStarted, WalkStatus
from harness.plan import PlannedWalk
from harness.view import WalkView
from harness.walk import Walk

log = logging.getLogger("xunjian")

TIMEOUT_FACTOR = 2.0
TIMEOUT_EXTRA_S = 180.0
"""A walk may take twice its plan and three minutes; a hanging platform must not hang the run."""


class Attempt:
    """A walk that is made: first `observe`, then `close`, then `finish`. Nothing that goes wrong in it is raised."""

    def __init__(self, planned: PlannedWalk, walk: Walk, on_event: Callable[[Event], None]) -> None:
        self.walk = walk
        self._planned = planned
        self._on_event = on_event
        self._began = walk.now()
        self._took_s = 0.0
        self._status: WalkStatus = "done"
        self._message = ""

    async def observe(self) -> None:
        """Do what the walk does, for as long as it may take."""
        planned, walk = self._planned, self.walk
        spec, follows = planned.spec, walk.takes_up
        walk.note(
            WalkStarted(
                purpose=spec.purpose,
                planned_s=planned.seconds,
                accounts=tuple(a.id for a in walk.accounts),
                lessons=tuple(x.id for x in walk.lessons),
                follows=None if follows is None else TakenUp(walk=follows.name, attempt=follows.attempt),
            )
        )
        self._on_event(Event("started", spec.name, walk.attempt, "", planned.seconds, spec.screens))
        try:
            async with asyncio.timeout(planned.seconds * TIMEOUT_FACTOR + TIMEOUT_EXTRA_S) as walk.deadline:
                await planned.probe.observer(spec)(walk)
        except Unsupported as error:
            self._ended("unsupported", str(error))
        except SubjectError as error:
            self._ended("subject_error", str(error))
            walk.note(Fault(whose="subject", type=type(error).__name__, message=str(error)))
        except NotDone as error:
            self._ended("not_done", str(error))
        except NotYet as error:
            self._ended("not_yet", str(error))
        except TimeoutError:
            message = f"not finished after {walk.now() - self._began:.0f} s"
            self._ended("subject_error", message)
            walk.note(Fault(whose="subject", type="Timeout", message=message))
        except Exception as error:
            self._broke(error)

    async def close(self) -> None:
        """Close its windows; what they cost is measured before."""
        try:
            await self.walk.platform.measure()
            await self.walk.close()
        except Exception:
            log.exception("closing %s", self.walk.spec.name)
        self._took_s = self.walk.now() - self._began

    async def finish(self) -> WalkView:
        """Do what was left for later, which needs no window, and write down how the walk ended."""
        walk = self.walk
        try:
            await walk.settle()
        except Exception as error:
            self._broke(error)
        cpu_s, rss_mb = walk.cost
        walk.note(
            WalkFinished(
                status=self._status,
                message=self._message,
                took_s=self._took_s,
                cpu_s=round(cpu_s, 2),
                peak_rss_mb=round(rss_mb, 1),
            )
        )
        self._on_event(Event("finished", walk.spec.name, walk.attempt, self._message or self._status, self._took_s))
        return WalkView(walk.spec.name, walk.attempt, tuple(walk.seen))

    def _ended(self, status: WalkStatus, message: str) -> None:
        self._status, self._message = status, message

    def _broke(self, error: Exception) -> None:
        """Write down a fault of ours."""
        name = type(error).__name__
        self._ended("harness_error", f"{name}: {error}")
        where = "".join(traceback.format_exception(error)[-3:])[-1500:]
        self.walk.note(Fault(whose="harness", type=name, message=str(error), where=_relative(where)))
        log.exception("walk %s attempt %s broke", self.walk.spec.name, self.walk.attempt)


def _relative(text: str) -> str:
    """A traceback without the paths of this machine."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return text.replace(root + os.sep, "").replace(os.path.expanduser("~"), "~")
