"""What is kept of a certification."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.judge import _dress, combine, expectation
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.selftest.job import Job, JobResult, _read, run_job
from harness.sharing import windows_counted
from tests.walkbuilder import case

FAIL, PASS, WARN = Outcome.FAIL, Outcome.PASS, Outcome.WARN


def kept(requirement: str, *outcomes: Outcome, once: bool = False) -> JobResult:
    """What is kept of a run in which a walk's attempts gave these."""
    asked = case(requirement)
    found = tuple(
        Finding(
            outcome=outcome,
            reason=Reason.INSUFFICIENT_EVIDENCE if outcome is Outcome.INCONCLUSIVE else None,
            expected=expectation(asked.requirement),
            observed=Text(zh="所见", en="seen"),
            accepted=("one",),
            refused=("other",),
            walk="F01.catalogue",
            attempt=attempt,
        )
        for attempt, outcome in enumerate(outcomes, 1)
    )
    verdict = _dress(asked, *combine(found), found)
    run = {
        "requirements": [verdict.model_dump(mode="json")], "functions": {}, "mode": "rehearsal",
        "would_be": "INCOMPLETE", "plan": {"bound_s": 1.0}, "run_id": "run-1",
    }  # fmt: skip
    result = _read(JobResult(key="k", front="spa", kind="alone", once=once), json.dumps(run).encode(), b"")
    assert not result.error
    return result


@pytest.mark.parametrize(
    ("requirement", "attempts", "outcome"),
    [
        ("F01-1", (FAIL, FAIL), "FAIL"),
        ("F01-1", (WARN,), "WARN"),
        ("F01-2a", (FAIL, FAIL), "FAIL"),
        ("F01-2a", (FAIL, PASS, FAIL), "FAIL"),
        ("F01-2a", (FAIL, WARN), "INCONCLUSIVE(UNSTABLE)"),
        ("F01-2a", (FAIL, PASS), "INCONCLUSIVE(UNSTABLE)"),
        ("F01-2a", (WARN,), "WARN"),
        ("F01-2a", (PASS,), "PASS"),
    ],
)
def test_a_violation_of_what_is_only_advised_was_seen_all_the_same(
    requirement: str, attempts: tuple[Outcome, ...], outcome: str
) -> None:
    """The report softens it to WARN; the self-test asks whether the judge saw it."""
    assert kept(requirement, *attempts).outcomes == {requirement: outcome}


@pytest.mark.parametrize(
    ("attempts", "unsteady"),
    [
        ((FAIL, FAIL), {}),
        ((FAIL, PASS, FAIL), {"F01-1": "FAIL, PASS, FAIL"}),
        ((Outcome.INCONCLUSIVE, FAIL, FAIL), {"F01-1": "INCONCLUSIVE, FAIL, FAIL"}),
        ((FAIL, PASS), {}),
        ((PASS,), {}),
    ],
)
def test_a_failure_that_not_every_attempt_shows_is_remembered(
    attempts: tuple[Outcome, ...], unsteady: dict[str, str]
) -> None:
    assert kept("F01-1", *attempts).unsteady == unsteady


@pytest.mark.parametrize(
    ("requirement", "attempts", "outcome", "unsteady"),
    [
        ("F01-1", (FAIL,), "FAIL", ""),
        ("F01-2a", (FAIL,), "FAIL", ""),
        ("F01-1", (Outcome.INCONCLUSIVE, FAIL), "FAIL", "INCONCLUSIVE, FAIL"),
        ("F01-1", (PASS, FAIL), "FAIL", "PASS, FAIL"),
        ("F01-1", (PASS,), "PASS", ""),
        ("F01-2a", (WARN,), "WARN", ""),
    ],
)
def test_where_no_fail_is_tried_again_the_first_counts(
    requirement: str, attempts: tuple[Outcome, ...], outcome: str, unsteady: str
) -> None:
    found = kept(requirement, *attempts, once=True)
    assert found.outcomes == {requirement: outcome}
    assert found.unsteady.get(requirement, "") == unsteady


def test_what_printed_no_result_says_why() -> None:
    result = _read(JobResult(key="k", front="spa", kind="alone"), b"", b"one\nprofile not found\n")
    assert result.error == "one / profile not found"


@pytest.mark.anyio
@pytest.mark.parametrize(("kind", "counted"), [("null:blank", False), ("pack", True), ("clean", True)])
async def test_only_null_platforms_have_windows_of_their_own(
    kind: str, counted: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: dict[str, str] = {}

    async def start(*command: str, env: dict[str, str], **_more: object) -> SimpleNamespace:
        given.update(env)

        async def communicate() -> tuple[bytes, bytes]:
            return b"", b"enough"

        return SimpleNamespace(returncode=0, communicate=communicate)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    job = Job(front="spa", kind=kind, profile=tmp_path / "profile.yaml", scale=30.0)
    assert (await run_job(job, tmp_path / "runs", timeout_s=1.0)).error == "enough"
    monkeypatch.setattr("os.environ", given)
    assert windows_counted() is counted
