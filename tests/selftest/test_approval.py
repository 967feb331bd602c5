"""The reference platform with an administrator who is not ours: newcomers apply, are approved later, and study.

Observers run on the platform's own HTTP interface through the shipped profile, between two stages of a run.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from harness.errors import NotYet
from harness.judge import Case, judge_attempt
from harness.ledger import Ledger
from harness.model.finding import Finding
from harness.model.observation import TakenUp, WalkFinished, WalkStarted
from harness.model.outcome import Outcome, Reason
from harness.probe import Setting, load_probes
from harness.settings import make_setting
from harness.stages import ready_from, waits_of
from harness.view import WalkView
from harness.walk import Walk
from tests.selftest.leap import LeapClock, run_leaping
from tests.selftest.office import SCALE, Office, opened
from tests.walkbuilder import STANDARD

(PROBE,) = (p for p in load_probes() if p.id == "F02")
LATER_S = 1800.0


async def perform(
    office: Office, setting: Setting, clock: LeapClock, ledger: Ledger, name: str, before: WalkView | None
) -> WalkView:
    """One walk, as the engine makes it."""
    spec = next(w for w in PROBE.walks if w.name == name)
    stand_in: Any = office
    walk = Walk(
        spec, 1, probe_id="F02", platform=stand_in, ledger=ledger, clock=clock, setting=setting, seed=7,
        accounts=(), lessons=(), takes_up=before,
    )  # fmt: skip
    follows = None if before is None else TakenUp(walk=before.name, attempt=before.attempt)
    walk.note(WalkStarted(purpose="", planned_s=1, accounts=(), lessons=(), follows=follows))
    status: Any = "done"
    message = ""
    try:
        await PROBE.observer(spec)(walk)
    except NotYet as error:
        status, message = "not_yet", str(error)
    await walk.close()
    await walk.settle()
    walk.note(WalkFinished(status=status, message=message, took_s=1))
    return WalkView(name, 1, tuple(walk.seen))


def two_stages(first: str, second: str, defects: Sequence[str] = (), *, approving: bool = True) -> dict[str, Finding]:
    """A walk, half an hour in which the platform's administrator works through the list, and the walk that follows."""

    async def run() -> dict[str, Finding]:
        clock = LeapClock(asyncio.get_running_loop())
        async with opened(defects, clock) as office:
            policy = office.loaded.facts()["policy"] | {"approval": "by_hand", "approval_delay_s": LATER_S}
            setting = make_setting(policy, SCALE, STANDARD, [x.duration_s or 0.0 for x in office.loaded.lessons])
            ledger = Ledger(office.folder, clock)
            before = await perform(office, setting, clock, ledger, first, None)
            spec = next(w for w in PROBE.walks if w.name == second)
            wait = ready_from(setting, spec, before) - clock.utc()
            assert wait.total_seconds() == pytest.approx(LATER_S if waits_of(before) else 0.0, abs=1.0)
            if approving:
                staff = await office.session("admin")
                await staff.do("log_in")
                for name in waits_of(before):
                    await staff._ask("POST", f"/api/admin/learners/{name}/decide", {"approve": True})
            await clock.sleep(max(0.0, wait.total_seconds()))
            after = await perform(office, setting, clock, ledger, second, before)
            ledger.close()
        judged = [j for j in PROBE.judgements if second in j.instead]
        lengths = {x.id: x.duration_s for x in office.loaded.lessons if x.duration_s is not None}
        return {
            j.requirement: judge_attempt(
                PROBE,
                dataclasses.replace(j, walks=j.instead),
                after,
                Case(STANDARD.get(j.requirement), STANDARD, setting, lengths, (before,)),
            )
            for j in judged
        }

    return run_leaping(run())


@pytest.mark.parametrize(
    ("defects", "outcome"), [((), Outcome.PASS), (("f02-study-while-pending",), Outcome.FAIL)]
)  # fmt: skip
def test_nobody_studies_before_the_administrator_has_approved(defects: tuple[str, ...], outcome: Outcome) -> None:
    found = two_stages("F02.pending", "F02.approved", defects)["F02-2"]
    assert found.outcome is outcome
    told = [str(line) for line in (*found.accepted, *found.refused)]
    assert any(line.startswith("after_registered: ") for line in told)
    assert any(line.startswith("unverified_registered: ") for line in told)


def test_without_the_administrator_nothing_is_concluded() -> None:
    found = two_stages("F02.pending", "F02.approved", approving=False)["F02-2"]
    assert (found.outcome, found.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)
    assert "--resume" in found.observed.zh


@pytest.mark.parametrize(
    ("defects", "failed"), [((), set[str]()), (("f02-form-only",), {"F02-1"}), (("f02-no-portrait",), {"F02-1v"})]
)
def test_what_registers_is_seen_after_the_approval(defects: tuple[str, ...], failed: set[str]) -> None:
    found = two_stages("F02.register", "F02.registered", defects)
    assert {name for name, finding in found.items() if finding.outcome is Outcome.FAIL} == failed
    assert {finding.outcome for name, finding in found.items() if name not in failed} == {Outcome.PASS}
