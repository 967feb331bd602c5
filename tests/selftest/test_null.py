"""Platforms that do nothing right get no PASS from any walk of any probe, and every verdict has a reason."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.errors import NotYet, ReadingFailed, StepFailed, SubjectError
from harness.judge import judge_attempt
from harness.ledger import Ledger
from harness.model.finding import Finding
from harness.model.observation import Input, WalkFinished, WalkStarted
from harness.model.outcome import Outcome
from harness.model.values import Credit, LessonState, Table
from harness.platform.base import CONTRACT
from harness.platform.profile import Account
from harness.probe import ProbeSpec, WalkSpec, load_probes
from harness.view import WalkView
from harness.walk import Walk
from tests.selftest.leap import LeapClock, run_leaping
from tests.selftest.stage import LESSONS, SETTING, Case, account
from tests.walkbuilder import STANDARD

EMPTY = Table(columns=(), rows=())


class Nothing:
    """A window on a platform on which nothing happens. `takes`: actions seem to succeed, as on a page that answers
    everything with the same; else none does."""

    camera = None
    cost = SimpleNamespace(cpu_s=0.0, peak_rss_mb=0.0)
    url = "http://127.0.0.1:8000/"
    traffic = SimpleNamespace(mark=lambda: 0, since=lambda mark: [])

    def __init__(self, who: Account, takes: bool) -> None:
        self.account, self.takes = who, takes
        self.screen = self

    async def do(self, action: str, **_args: Any) -> Any:
        await asyncio.sleep(0.2)
        if not self.takes:
            raise StepFailed("nothing is there", where=self.url, got="an empty page", expected=action)
        return EMPTY if CONTRACT[action].returns == "Table" else None

    async def read_state(self) -> LessonState:
        return LessonState.UNKNOWN

    async def close(self) -> None:
        return None

    async def screenshot(self) -> bytes:
        return b"\\x89PNG"

    async def give_input(self, kind: Any) -> Input:
        return Input(device=kind, trusted=True)

    async def evaluate_in_media(self, _js: str, _arg: Any = None) -> None:
        return None

    async def evaluate_everywhere(self, _js: str, _arg: Any = None) -> int:
        return 0

    async def values_everywhere(self, _js: str, _arg: Any = None) -> list[Any]:
        return []

    async def storage(self) -> dict[str, Any]:
        return {"cookies": [], "origins": [], "session_storage": {"items": {}}}

    async def new_tab(self) -> Nothing:
        return Nothing(self.account, self.takes)

    async def listen(self, name: str, take: Any) -> None:
        """No page here sends files in forms."""

    async def add_init_script(self, _script: str) -> None:
        return None

    async def reload(self) -> None:
        return None

    async def press(self, _key: str) -> None:
        return None

    async def set_hidden(self, _hidden: bool) -> str:
        return "script"

    async def set_offline(self, _offline: bool) -> None:
        return None


class NullPlatform:
    """`record`: what a reading gives: None fails, else a constant record that shows this many seconds."""

    studio = None

    def __init__(self, takes: bool, record: float | None) -> None:
        self.takes, self.record = takes, record
        people = {role: (account(role, role),) for role in ("admin", "teacher", "reviewer", "institution", "reader")}
        self.profile = SimpleNamespace(
            lessons=LESSONS, accounts=people, people=None, reading=lambda name: SimpleNamespace(fields={}),
            model=SimpleNamespace(persons=None, identity_source="generated"), uses=lambda reading, argument: True,
        )  # fmt: skip

    def described(self, name: str) -> bool:
        return name in CONTRACT

    async def session(self, role: str, who: Account | None = None, **_look: Any) -> Nothing:
        return Nothing(who or account(role, role), self.takes)

    def adopt(self, _who: Account, tab: Nothing, _camera: object = None) -> Nothing:
        return tab

    async def read(self, reading: str, **_filters: Any) -> Any:
        return await self.read_in(None, reading)

    async def read_in(self, _window: object, reading: str, **_filters: Any) -> Any:
        if self.record is None:
            raise ReadingFailed("no such page", got="an empty page")
        if reading == "credited_time":
            return Credit(credited_s=self.record, hours=0.0, completed=False, resolution_s=0.1)
        if reading == "study_records":
            return ()
        raise ReadingFailed("no such page", got="an empty page")


def made(probe: ProbeSpec, spec: WalkSpec, on: NullPlatform) -> WalkView:
    """The walk as it is made there, after the one that it follows."""
    follows = next((one for one in probe.walks if one.name == spec.follows), None)
    takes_up = None if follows is None else made(probe, follows, on)

    async def run(folder: str) -> WalkView:
        clock = LeapClock(asyncio.get_running_loop())
        ledger = Ledger(Path(folder) / "run", clock)
        stand_in: Any = on
        walk = Walk(
            spec, 1, probe_id=probe.id, platform=stand_in, ledger=ledger, clock=clock, setting=SETTING, seed=7,
            accounts=[account(f"learner{n:03d}") for n in range(1, spec.accounts + 1)], lessons=LESSONS[: spec.lessons],
            takes_up=takes_up,
        )  # fmt: skip
        walk.note(WalkStarted(purpose="", planned_s=1, accounts=(), lessons=tuple(x.id for x in walk.lessons)))
        status, message = "done", ""
        try:
            await probe.observer(spec)(walk)
        except SubjectError as error:
            status, message = "subject_error", str(error)
        except NotYet as error:
            status, message = "not_yet", str(error)
        walk.note(WalkFinished(status=status, message=message, took_s=1))  # type: ignore[arg-type]
        ledger.close()
        return WalkView(spec.name, 1, tuple(walk.seen))

    with tempfile.TemporaryDirectory() as folder:
        return run_leaping(run(folder))


WALKS = [(p, w) for p in load_probes() for w in p.walks if not w.camera]
"""Those before a camera need a person, whom nobody sees here."""
KINDS = {
    "nothing answers": NullPlatform(takes=False, record=None),
    "nothing happens, and the record stands at 0": NullPlatform(takes=True, record=0.0),
    "nothing happens, and nothing can be read": NullPlatform(takes=True, record=None),
    "nothing answers, and the record shows an hour": NullPlatform(takes=False, record=3600.0),
}


def judged(view: WalkView) -> list[tuple[str, Finding]]:
    lengths = {lesson.id: lesson.duration_s for lesson in LESSONS if lesson.duration_s is not None}
    return [
        (j.requirement, judge_attempt(p, j, view, Case(STANDARD.get(j.requirement), STANDARD, SETTING, lengths)))
        for p in load_probes()
        for j in p.judgements
        if view.name in j.walks and STANDARD.find(j.requirement) is not None
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("probe", "spec"), WALKS, ids=[spec.name for _, spec in WALKS])
def test_no_pass_and_always_a_reason(kind: str, probe: ProbeSpec, spec: WalkSpec) -> None:
    for requirement, finding in judged(made(probe, spec, KINDS[kind])):
        assert finding.outcome not in (Outcome.PASS, Outcome.WARN), f"{requirement}: {finding.observed.en}"
        assert finding.outcome is not Outcome.INCONCLUSIVE or finding.reason is not None
        assert finding.observed.zh
        assert finding.observed.en
