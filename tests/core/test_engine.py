"""The engine runs walks side by side: one failing never harms another, and nobody shares an account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.clock import SystemClock
from harness.engine import Engine
from harness.errors import StepFailed, Unsupported
from harness.ledger import Ledger, read
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, CreditRead, Fault, SegmentStarted
from harness.model.outcome import Outcome, Reason
from harness.model.values import Credit
from harness.plan import Plan, PlannedWalk, Selection
from harness.platform.profile import Account, Lesson
from harness.probe import Judgement, WalkSpec
from harness.settings import make_setting
from harness.view import WalkView, walks
from harness.walk import Walk
from tests.walkbuilder import STANDARD

Observer = Callable[[Walk], Awaitable[None]]
T = Text(zh="甲", en="a")
pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class FakeProbe:
    """A probe whose code is given here; the engine sees what a ProbeSpec offers."""

    id: str
    observers: dict[str, Observer]
    outcome: Callable[[WalkView], Outcome] = lambda walk: Outcome.PASS

    def observer(self, spec: WalkSpec) -> Observer:
        return self.observers[spec.name]

    def judge(self, name: str) -> Any:
        return lambda walk, case: Finding(outcome=self.outcome(walk), expected=T, observed=T)


class NoPlatform:
    """These walks touch no platform."""

    def described(self, name: str) -> bool:
        return False

    async def measure(self) -> None:
        return None


async def run(
    tmp_path: Path,
    probe: FakeProbe,
    *,
    accounts: int = 4,
    lessons: int = 3,
    slots: int = 4,
    earlier: Any = (),
    of_spec: Any = None,
    judgements: tuple[Judgement, ...] = (),
    platform: Any = None,
    clock: SystemClock | None = None,
    once: bool = False,
) -> list[WalkView]:
    """Engine's run of a probe; `of_spec` are fields of every walk, or of those that it names."""
    special = of_spec or {}
    specs = [
        WalkSpec(
            name=name,
            purpose="p",
            seconds=lambda s: 1.0,
            **(special.get(name, {}) if special.keys() & probe.observers.keys() else special),
        )
        for name in probe.observers
    ]
    owner: Any = probe
    planned = tuple(PlannedWalk(owner, spec, 1, 1.0) for spec in specs)
    ledger = Ledger(tmp_path, SystemClock())
    engine = Engine(
        plan=Plan(planned, (), slots, len(specs)),
        selection=Selection(
            tuple((owner, j) for j in judgements or (Judgement("F03-1", tuple(probe.observers), "any"),)),
            tuple((owner, s) for s in specs),
        ),
        platform=platform if platform is not None else NoPlatform(),
        ledger=ledger,
        clock=clock if clock is not None else SystemClock(),
        standard=STANDARD,
        setting=make_setting({}, 1.0, STANDARD),
        seed=1,
        accounts=[Account(id=f"a{n}", role="learner", username=f"a{n}") for n in range(accounts)],
        lessons=[Lesson(id=f"l{n}", duration_s=100.0 + n) for n in range(lessons)],
        earlier=earlier,
        once=once,
    )
    await engine.run()
    ledger.close()
    return list(walks(read(tmp_path)))


async def fine(walk: Walk) -> None:
    await asyncio.sleep(0)


async def test_what_is_exclusive_is_held_by_one_walk_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0

    async def administer(walk: Walk) -> None:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        await asyncio.sleep(0.01)
        inside -= 1

    probe = FakeProbe("F01", {f"F01.walk{n}": administer for n in range(3)})
    seen = await run(tmp_path, probe, of_spec=dict(accounts=0, lessons=0, exclusive=("admin",)))
    assert [w.finished.status for w in seen if w.finished] == ["done"] * 3
    assert most == 1
    most = 0
    await run(tmp_path / "free", probe, of_spec=dict(accounts=0, lessons=0))
    assert most == 3


async def test_a_walk_of_those_who_run_the_platform_uses_up_no_pair(tmp_path: Path) -> None:
    probe = FakeProbe("F01", {"F01.walk": fine})
    (walk,) = await run(tmp_path, probe, accounts=1, of_spec=dict(lessons=0))
    assert walk.plan is not None
    assert walk.plan.accounts == ("a0",)
    assert walk.plan.lessons == ()


async def test_one_failing_never_harms_another(tmp_path: Path) -> None:
    async def broken(walk: Walk) -> None:
        raise ZeroDivisionError("ours")

    async def refused(walk: Walk) -> None:
        raise StepFailed("theirs", where="http://x/")

    async def unknown(walk: Walk) -> None:
        raise Unsupported("not described")

    probe = FakeProbe("F03", {"F03.a": fine, "F03.b": broken, "F03.c": refused, "F03.d": unknown})
    seen = await run(tmp_path, probe, accounts=20, lessons=5)
    status = {(w.name): w.finished.status for w in seen if w.finished is not None}
    assert status == {"F03.a": "done", "F03.b": "harness_error", "F03.c": "subject_error", "F03.d": "unsupported"}
    attempts = {name: sum(w.name == name for w in seen) for name in probe.observers}
    assert attempts == {"F03.a": 1, "F03.b": 3, "F03.c": 3, "F03.d": 1}  # retried at most twice


async def test_an_account_is_never_shared_and_a_pair_never_used_twice(tmp_path: Path) -> None:
    busy: set[str] = set()
    shared: list[str] = []

    async def study(walk: Walk) -> None:
        (account,) = walk.accounts
        if account.id in busy:
            shared.append(account.id)
        busy.add(account.id)
        await asyncio.sleep(0.01)
        busy.discard(account.id)

    probe = FakeProbe("F03", {f"F03.{n}": study for n in range(6)})
    seen = await run(tmp_path, probe, accounts=2, lessons=3, slots=6)
    assert not shared
    pairs = [(w.plan.accounts[0], w.plan.lessons[0]) for w in seen if w.plan is not None]
    assert len(pairs) == len(set(pairs)) == 6


async def test_without_a_fresh_pair_a_walk_is_said_not_to_be_made(tmp_path: Path) -> None:
    probe = FakeProbe("F03", {f"F03.{n}": fine for n in range(4)})
    await run(tmp_path, probe, accounts=1, lessons=3)
    faults = [o.data for o in read(tmp_path) if o.kind == "fault"]
    assert len(faults) == 1
    assert "no fresh account" in str(faults[0])


async def test_where_nobody_gets_in_the_rest_is_not_begun(tmp_path: Path) -> None:
    def knock(opens: bool) -> Observer:
        async def log_in(walk: Walk) -> None:
            await asyncio.sleep(0.01)
            walk.note(ActionDone(name="log_in", ok=opens, error="" if opens else "no such page", took_s=0.01))
            if not opens:
                raise StepFailed("no such page")

        return log_in

    names = [f"F03.{n}" for n in range(8)]
    closed = FakeProbe("F03", {name: knock(False) for name in names})
    seen = await run(tmp_path / "closed", closed, accounts=30, slots=2)
    assert sum(w.finished is not None for w in seen) < len(names)
    unmade = [o.data for o in read(tmp_path / "closed") if isinstance(o.data, Fault) and o.data.type == "NobodyGetsIn"]
    assert unmade
    assert all("no such page" in fault.message for fault in unmade)
    assert {w.name for w in seen} == set(names)  # each one has its line
    one_gets_in = FakeProbe("F03", {name: knock(name == "F03.0") for name in names})
    seen = await run(tmp_path / "open", one_gets_in, accounts=30, slots=2)
    assert sum(w.finished is not None for w in seen) == 1 + 7 * 3


@pytest.mark.parametrize(
    ("outcomes", "attempts"),
    [
        ([Outcome.PASS], 1),
        ([Outcome.FAIL, Outcome.FAIL], 2),
        ([Outcome.FAIL, Outcome.PASS, Outcome.PASS], 3),
    ],
)
async def test_a_fail_is_tried_again_on_fresh_accounts(tmp_path: Path, outcomes: list[Outcome], attempts: int) -> None:
    probe = FakeProbe("F03", {"F03.a": fine}, outcome=lambda walk: outcomes[walk.attempt - 1])
    seen = await run(tmp_path, probe)
    assert [w.attempt for w in seen] == list(range(1, attempts + 1))
    assert len({w.plan.accounts for w in seen if w.plan is not None}) == attempts


async def test_once_means_that_only_what_others_are_compared_with_is_tried_again(tmp_path: Path) -> None:
    """Whoever compares goes by the other walk's verdict, and a FAIL that was not tried again is none."""
    judgements = (
        Judgement("F05-1", ("F05.ordinary",), "any"),
        Judgement("F03-1", ("F03.alone",), "any"),
        Judgement("D-F05", ("D.automated",), "any", beside=("F05.ordinary",)),
    )
    names = ("F05.ordinary", "F03.alone", "D.automated")
    probe = FakeProbe("F03", dict.fromkeys(names, fine), outcome=lambda walk: Outcome.FAIL)
    for once, made in ((False, [2, 2, 2]), (True, [2, 1, 1])):
        seen = await run(tmp_path / str(once), probe, accounts=12, judgements=judgements, once=once)
        assert [[w.name for w in seen].count(name) for name in names] == made


async def test_a_resumed_run_keeps_what_was_done_and_repeats_what_was_cut_off(tmp_path: Path) -> None:
    probe = FakeProbe("F03", {"F03.a": fine, "F03.b": fine})
    before = await run(tmp_path / "before", FakeProbe("F03", {"F03.a": fine}))
    cut = WalkView("F03.b", 1, before[0].observations[:1])
    seen = await run(tmp_path / "after", probe, earlier=[*before, cut])
    assert [(w.name, w.attempt) for w in seen] == [("F03.b", 2)]


async def test_a_long_walk_holds_what_is_exclusive_only_at_its_end(tmp_path: Path) -> None:
    held: list[bool] = []

    async def to_the_end(walk: Walk) -> None:
        async with walk.holding("admin", wait_s=30) as mine:
            held.append(mine)
            async with walk.holding("admin", wait_s=0.01) as again:  # others have it, and go without
                held.append(again)

    await run(tmp_path, FakeProbe("F01", {"F01.a": to_the_end, "F01.b": to_the_end}))
    assert held == [True, False, True, False]


async def test_a_long_walk_goes_before_those_that_wait_for_its_windows(tmp_path: Path) -> None:
    """One window: the long walk has it, and an administrator's walk has its turn and waits for the window."""
    order: list[str] = []

    async def long(walk: Walk) -> None:
        await asyncio.sleep(0.02)
        async with walk.holding("admin", wait_s=30) as mine:
            order.append(f"long {mine}")

    async def administer(walk: Walk) -> None:
        order.append("administer")

    probe = FakeProbe("F01", {"F01.a": long, "F01.b": administer})
    await run(tmp_path, probe, slots=1, of_spec={"F01.b": {"exclusive": ("admin",)}})
    assert order == ["long True", "administer"]


async def test_an_account_that_was_spent_serves_no_other_walk(tmp_path: Path) -> None:
    probe = FakeProbe("F01", {f"F01.walk{n}": fine for n in range(3)})
    seen = await run(tmp_path, probe, accounts=2, lessons=3, of_spec={"spends": True})
    made = [w for w in seen if w.finished is not None]
    assert len(made) == 2
    assert len({a for w in made if w.plan for a in w.plan.accounts}) == 2
    seen = await run(tmp_path / "kept", probe, accounts=2, lessons=3)
    assert len([w for w in seen if w.finished is not None]) == 3


async def test_what_was_attacked_is_read_once_more_when_every_walk_is_over(tmp_path: Path) -> None:
    """Every attempt of it, but not where hours are entered by hand."""

    class Recording(NoPlatform):
        profile = SimpleNamespace(uses=lambda reading, argument: True)

        def described(self, name: str) -> bool:
            return name == "credited_time"

        async def read(self, reading: str, **filters: Any) -> Credit:
            return Credit(credited_s=60.0)

    class Hasty(SystemClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(min(seconds, 0.01))

    async def attack(walk: Walk) -> None:
        (account,), (lesson,) = walk.accounts, walk.lessons
        walk.note(SegmentStarted(segment="it", segment_kind="attack", means="ordinary"))
        about = walk.context.model_copy(update={"account": account.id, "lesson": lesson.id})
        walk.write(CreditRead(at="after:it", credit=Credit(credited_s=0.0)), about)

    outcomes = {"F11.a": [Outcome.FAIL, Outcome.FAIL], "OP.b": [Outcome.PASS], "F03.c": [Outcome.PASS]}
    probe = FakeProbe(
        "F11",
        {"F11.a": attack, "OP.b": attack, "F03.c": fine},
        outcome=lambda walk: outcomes[walk.name][walk.attempt - 1],
    )
    seen = await run(tmp_path, probe, platform=Recording(), clock=Hasty(), of_spec={"OP.b": dict(spends=True)})
    assert {(w.name, w.attempt): len(w.read_later) for w in seen} == {
        ("F11.a", 1): 1,
        ("F11.a", 2): 1,
        ("OP.b", 1): 0,
        ("F03.c", 1): 0,
    }
    lines = [o for o in read(tmp_path) if o.kind in ("walk_finished", "credit")]
    over = max(n for n, o in enumerate(lines) if o.kind == "walk_finished")
    assert [o.walk for o in lines[over + 1 :]] == ["F11.a", "F11.a"]


async def test_a_walk_waits_for_those_it_comes_after(tmp_path: Path) -> None:
    order: list[str] = []

    async def slow(walk: Walk) -> None:
        await asyncio.sleep(0.02)
        order.append(walk.spec.name)

    async def quick(walk: Walk) -> None:
        order.append(walk.spec.name)

    probe = FakeProbe("F06", {"F06.proof": quick, "F06.study": slow})
    await run(tmp_path, probe, of_spec={"F06.proof": dict(after=("F06.study", "F06.unplanned"))})
    assert order == ["F06.study", "F06.proof"]


async def test_what_is_left_for_later_holds_no_window_and_is_judged_all_the_same(tmp_path: Path) -> None:
    second = asyncio.Event()
    judged: list[list[str]] = []

    def told(walk: WalkView) -> Outcome:
        judged.append([o.data.segment for o in walk.observations if isinstance(o.data, SegmentStarted)])
        return Outcome.PASS

    async def note(walk: Walk, name: str) -> None:
        await second.wait()
        walk.note(SegmentStarted(segment=name, segment_kind="rest", means="ordinary"))

    async def looks_later(walk: Walk) -> None:
        walk.later(note(walk, "first"))
        walk.later(note(walk, "then"))

    async def begins(walk: Walk) -> None:
        second.set()

    probe = FakeProbe("F09", {"F09.looks": looks_later, "F09.next": begins}, told)
    async with asyncio.timeout(10):
        seen = await run(tmp_path, probe, slots=1)
    assert [w.finished.status for w in seen if w.finished] == ["done", "done"]
    assert ["first", "then"] in judged


async def test_what_breaks_later_is_the_harness_error_of_that_walk_alone(tmp_path: Path) -> None:
    async def breaks(walk: Walk) -> None:
        raise RuntimeError("no eyes")

    async def looks(walk: Walk) -> None:
        walk.later(breaks(walk))

    seen = await run(tmp_path, FakeProbe("F09", {"F09.looks": looks, "F09.fine": fine}))
    ended = {w.name: w.finished for w in seen if w.finished}
    assert ended["F09.looks"].status == "harness_error"
    assert "no eyes" in ended["F09.looks"].message
    assert ended["F09.fine"].status == "done"


async def test_a_walk_that_was_compared_too_early_is_judged_when_the_other_is_there(tmp_path: Path) -> None:
    """The automated walk ends first and can't be told; once the ordinary one is there, it is asked for again."""
    seen: list[int] = []

    async def slow(walk: Walk) -> None:
        await asyncio.sleep(0.02)

    class Comparing(FakeProbe):
        def judge(self, name: str) -> Any:
            def judge(walk: WalkView, case: Any) -> Finding:
                seen.append(len(case.beside))
                reason = Reason.INSUFFICIENT_EVIDENCE if case.beside else Reason.NOT_RUN
                return Finding(outcome=Outcome.INCONCLUSIVE, reason=reason, expected=T, observed=T)

            return judge

    probe = Comparing("D", {"D.automated": fine, "F05.ordinary": slow})
    judgement = Judgement("D-F05", ("D.automated",), "any", beside=("F05.ordinary",))
    made = await run(tmp_path, probe, judgements=(judgement,))
    assert [w.name for w in made].count("D.automated") == 3
    assert seen[0] == 0
    assert seen[1:]
    assert all(n == 1 for n in seen[1:])


async def test_the_same_seed_makes_the_same_choices_however_long_things_took(tmp_path: Path) -> None:
    chosen: list[tuple[float, list[str]]] = []

    async def choose(walk: Walk) -> None:
        for _ in range(len(chosen)):  # the rhythm of input takes more chance when a machine is slower
            walk.rhythm.random()
        order = walk.chance("order").sample(list("abcdefgh"), 8)
        chosen.append((walk.chance("raise").uniform(0, 1) + walk.rng.random(), order))

    probe = FakeProbe("F05", {"F05.a": choose})
    for n in range(3):
        await run(tmp_path / str(n), probe)
    assert chosen[0] == chosen[1] == chosen[2]
    assert chosen[0][1] != sorted(chosen[0][1])
