"""A platform that settles its record at night: the run is left, and taken up again as one run.

`certify` itself runs on a simulated platform and a leaping clock: folder, ledger, engine, judges and reports are real.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.certify import certify
from harness.console import how_it_goes_on
from harness.errors import LedgerError, TooEarly, UsageError
from harness.ledger import read, verify_chain
from harness.model.observation import RunFinished, RunResumed, StageEnded, WalkStarted
from harness.model.outcome import Decision, Outcome, Reason
from harness.model.profile import Policy
from harness.model.run import RunResult
from harness.model.values import Credit
from harness.platform.base import CONTRACT as ALL
from harness.prepare import Order
from harness.stages import BEIJING
from harness.stored import stored
from harness.verify import verify_run
from tests.probes.simulated import LeapClock, Simulation, Sitting, account

ONLY = ("F05-1", "X-06", "H01-1", "H01-1v")
POLICY = Policy(settles_at="02:00", settling_delay="30min", class_hour="30min", report_interval="5s")
HOUR_S = 1800.0
DAY = timedelta(days=1)


class Night(Simulation):
    """Settles at two in the morning what was studied until then; before, nothing of it stands anywhere."""

    short_of_reading = 0
    """How often the record can't be read."""

    @property
    def profile(self) -> Any:
        given = super().profile
        facts = {
            "digest": "d", "subject": {"name": "Night"}, "assessment": "self_check", "policy": POLICY.facts(),
            "lessons": [{"id": x.id, "duration_s": x.duration_s} for x in given.lessons],
        }  # fmt: skip
        given.model = SimpleNamespace(
            identity_source="generated", persons=None, launch=None, absent=(), subject=SimpleNamespace(name="Night")
        )
        given.accounts |= {"learner": tuple(account(f"learner{n}") for n in range(1, 5))}
        given.facts = lambda: facts
        given.base_url, given.path = "http://127.0.0.1:9", Path("night.yaml")
        given.described = frozenset(name for name in ALL if self.described(name))
        return given

    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        night = self.clock.utc().astimezone(BEIJING).replace(hour=2, minute=0, second=0)
        night -= DAY if night > self.clock.utc() else timedelta()
        return [s for s in super().records_of(asker, role, whom) if s.end < night]

    async def read_in(self, window: Any, reading: str, **filters: Any) -> Any:
        found = await super().read_in(window, reading, **filters)
        if isinstance(found, Credit):
            return found.model_copy(update={"hours": self.hours(found.credited_s or 0.0)})
        return found

    def hours(self, credited_s: float) -> float:
        return int(credited_s / HOUR_S)

    async def measure(self) -> None:
        return None

    async def close(self) -> None:
        return None


class Forgets(Night):
    """Loses at night what was studied by day."""

    def earns(self, window: Any, seconds: float) -> float:
        return 0.0


class Generous(Night):
    """Adds half as much again."""

    def earns(self, window: Any, seconds: float) -> float:
        return 1.5 * seconds


class RoundsUp(Night):
    """Makes a whole class hour of every hour begun."""

    def hours(self, credited_s: float) -> float:
        return -(-credited_s // HOUR_S)


class ByDay(Night):
    """Declares the night and credits at once, too much: the settled record decides all the same."""

    def records_of(self, asker: str, role: str, whom: str) -> list[Sitting]:
        return Simulation.records_of(self, asker, role, whom)


@dataclass
class Stage:
    """A simulated platform behind `certify`."""

    on: Night
    runs: Path
    only: tuple[str, ...] = ONLY
    observe_only: bool = True

    def certify(self, resume: Path | None = None) -> tuple[Path, RunResult]:
        order = Order(
            Path("night.yaml"), only=self.only, observe_only=self.observe_only, runs=self.runs, seed=7, slots=8,
            resume=resume, printing=False,
        )  # fmt: skip
        return certify(order, clock=self.on.clock)

    def until(self, moment: datetime) -> None:
        """Nothing happens until then."""
        self.on.clock.now_s += (moment - self.on.clock.utc()).total_seconds()

    def next(self, folder: Path, result: RunResult) -> RunResult:
        """Wait for what a run waits for, and take it up again."""
        self.until(max(datetime.fromisoformat(w.not_before) for w in result.waits))
        again, result = self.certify(folder)
        assert again == folder
        return result


Make = Callable[..., Stage]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    class Pool:
        version, flags = "Chromium 1.0", ()

        async def __aenter__(self) -> Pool:
            return self

        async def __aexit__(self, *error: object) -> None:
            return None

    def staged(kind: type[Night] = Night, only: tuple[str, ...] = ONLY) -> Stage:
        on = kind(LeapClock())
        profile = on.profile
        written = SimpleNamespace(launch=None, persons=None)
        monkeypatch.setattr("harness.platform.loading.check_profile", lambda path: (written, None))
        monkeypatch.setattr("harness.platform.loading.load_profile", lambda path, **more: profile)
        monkeypatch.setattr("harness.platform.declarative.DeclarativePlatform", lambda *given, **more: on)
        monkeypatch.setattr("harness.browser.launch.BrowserPool", Pool)
        monkeypatch.setattr("harness.sharing.MachineWindows", lambda **more: None)  # it has no window of this machine
        return Stage(on, tmp_path, only)

    return staged


def outcomes(result: RunResult) -> dict[str, Outcome]:
    short = {v.id.rsplit("/", 1)[-1]: v.outcome for v in result.requirements}
    return {name: short[name] for name in ONLY}


def test_a_platform_that_credits_at_night_passes_when_it_is_taken_up_again(make: Make) -> None:
    stage = make()
    folder, left = stage.certify()
    assert left.exit_code == 3
    assert left.decision is left.would_be is Decision.INCOMPLETE
    assert {(w.walk, w.follows, w.attempt) for w in left.waits} == {
        ("F05.settled", "F05.honest", 1),
        ("F05.settled_cut", "F05.interrupted", 1),
        ("H01.settled", "H01.apart", 1),
    }
    assert {v.reason for v in left.requirements if v.id.rsplit("/", 1)[-1] in ONLY} == {Reason.NOT_RUN}
    assert sorted(p.name for p in folder.iterdir() if p.is_file()) == ["ledger.jsonl"]  # nothing is signed as final
    assert "2026-11-25 02:31" in left.decision_why.zh
    assert "2026-11-25 02:31" in left.decision_why.en
    assert any(f"--resume {folder}" in line for line in how_it_goes_on(folder, left))

    result = stage.next(folder, left)
    assert outcomes(result) == dict.fromkeys(ONLY, Outcome.PASS)
    assert result.waits == ()
    assert how_it_goes_on(folder, result) == []
    assert [s.number for s in result.stages] == [1, 2]
    assert result.stages[0].ended_utc < result.stages[0].waits[0].not_before <= result.stages[1].started_utc
    observations = list(read(folder))
    kinds = [type(o.data) for o in observations if isinstance(o.data, StageEnded | RunResumed | RunFinished)]
    assert kinds == [StageEnded, RunResumed, RunFinished]  # one chain
    assert verify_chain(folder)[0] == []
    assert verify_run(folder).intact
    assert result.wall_s == pytest.approx(sum(s.wall_s for s in result.stages))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "分段" in page
    assert "2026-11-25 02:31" in page
    with pytest.raises(LedgerError, match="finished"):
        stage.certify(folder)


def test_too_early_says_from_when_and_loses_nothing(make: Make) -> None:
    stage = make()
    folder, left = stage.certify()
    before = (folder / "ledger.jsonl").read_bytes()
    stage.until(datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    with pytest.raises(TooEarly) as early:
        stage.certify(folder)
    assert early.value.exit_code == 2
    assert "2026-11-25 02:31" in str(early.value)
    assert (folder / "ledger.jsonl").read_bytes() == before
    note = " ".join(verify_run(folder).notes)
    assert "2026-11-25 02:31" in note
    assert stored(folder).exit_code == 3
    assert outcomes(stage.next(folder, left)) == dict.fromkeys(ONLY, Outcome.PASS)


@pytest.mark.parametrize("wrong", [Generous, ByDay])
def test_a_platform_that_credits_too_much_at_night_fails_at_once(
    make: Make, wrong: type[Night], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ByDay, "earns", Generous.earns)
    stage = make(wrong)
    folder, left = stage.certify()
    assert left.decision is Decision.INCOMPLETE  # whatever was seen by day
    result = stage.next(folder, left)
    assert outcomes(result)["F05-1"] is Outcome.FAIL
    assert result.waits == () or {w.walk for w in result.waits} == {"F05.settled", "F05.settled_cut"}


def test_an_hour_for_less_than_an_hour_shows_in_the_morning(make: Make) -> None:
    stage = make(RoundsUp, ("H01-1", "H01-1v"))
    folder, left = stage.certify()
    result = stage.next(folder, left)
    found = outcomes(result)
    assert found["H01-1"] is found["H01-1v"] is Outcome.FAIL
    assert result.waits == ()  # unearned: the record is the proof
    assert result.would_be is Decision.NONCONFORMANT
    assert (folder / "run.json").is_file()


def test_study_that_is_never_credited_is_made_again_before_it_fails(make: Make) -> None:
    stage = make(Forgets, ("F05-1",))
    folder, left = stage.certify()
    once = stage.next(folder, left)
    assert {(w.follows, w.attempt) for w in once.waits} == {("F05.honest", 2), ("F05.interrupted", 2)}
    assert once.decision is Decision.INCOMPLETE
    assert not (folder / "run.json").exists()
    result = stage.next(folder, once)
    verdict = next(v for v in result.requirements if v.id.endswith("/F05-1"))
    assert (verdict.outcome, verdict.repeated) == (Outcome.FAIL, "2/2")
    assert [s.number for s in result.stages] == [1, 2, 3]
    taken = [o.data.follows.attempt for o in read(folder) if isinstance(o.data, WalkStarted) and o.data.follows]
    assert sorted(taken) == [1, 1, 2, 2]
    assert sum(w.walk == "F05.honest" for w in result.walks) == 2  # what waits to be read is not studied once more


def test_a_reading_that_fails_is_made_again_and_not_the_study(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.errors import ReadingFailed

    stage = make(only=("H01-1",))
    folder, left = stage.certify()
    real, failures = stage.on.read_in, [1]

    async def read_in(window: Any, reading: str, **filters: Any) -> Any:
        if failures:
            failures.pop()
            raise ReadingFailed("the page was empty")
        return await real(window, reading, **filters)

    monkeypatch.setattr(stage.on, "read_in", read_in)
    result = stage.next(folder, left)
    assert outcomes(result)["H01-1"] is Outcome.PASS
    assert [(w.walk, w.attempt, w.status) for w in result.walks] == [
        ("H01.apart", 1, "done"),
        ("H01.settled", 1, "subject_error"),
        ("H01.settled", 2, "done"),
    ]


def test_a_stage_that_is_killed_goes_on_as_any_run(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make(only=("H01-1",))
    folder, left = stage.certify()
    real = stage.on.read_in

    async def killed(*given: Any, **more: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage.on, "read_in", killed)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - however asyncio passes it on
        stage.next(folder, left)
    monkeypatch.setattr(stage.on, "read_in", real)
    _, result = stage.certify(folder)
    assert outcomes(result)["H01-1"] is Outcome.PASS
    assert [s.number for s in result.stages] == [1, 2]


def test_a_subject_that_the_run_starts_cannot_be_left(make: Make) -> None:
    stage = make()
    profile = stage.on.profile
    profile.model.launch = ("start", "it")
    ready = SimpleNamespace(order=Order(Path("x")), profile=profile, plan=SimpleNamespace(stages=lambda: (1, 2)))
    from harness.certify import _outlives

    with pytest.raises(UsageError, match="--base-url"):
        _outlives(ready)  # type: ignore[arg-type]


def test_run_json_says_when_each_stage_was(make: Make) -> None:
    stage = make(only=("H01-1",))
    folder, left = stage.certify()
    stage.next(folder, left)
    stages = json.loads((folder / "run.json").read_text(encoding="utf-8"))["stages"]
    assert [s["number"] for s in stages] == [1, 2]
    assert stages[0]["waits"][0]["follows"] == "H01.apart"
    assert all(s["started_utc"] < s["ended_utc"] for s in stages)
