"""One rehearsal in a real browser on the conforming platform's two fronts, from the order to a verified run."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.certify import certify
from harness.ledger import read
from harness.model.outcome import Decision, Mode, Outcome
from harness.prepare import Order
from harness.verify import verify_run

pytestmark = pytest.mark.browser
PROFILES = Path(__file__).resolve().parents[2] / "fixtures" / "profiles"
WANTED = ("F03-1", "F05-1", "F12-1", "F13-1", "F13-2")


@pytest.mark.parametrize("front", ["spa", pytest.param("classic", marks=pytest.mark.slow)])
def test_the_conforming_platform_passes_and_the_run_verifies(tmp_path: Path, front: str) -> None:
    folder, result = certify(Order(PROFILES / f"reference-{front}.yaml", only=WANTED, scale=30, runs=tmp_path, seed=7))
    got = {v.id.rsplit("/", 1)[-1]: v for v in result.requirements}
    for name in WANTED:
        verdict = got[name]
        assert verdict.outcome is Outcome.PASS, f"{name}: {verdict.observed.en}"
        passed = [f for f in verdict.findings if f.outcome is Outcome.PASS]
        assert all(f.accepted and f.refused for f in passed), f"{name} passed without both kinds of stimulus"
    assert (result.mode, result.decision, result.would_be) == (
        Mode.REHEARSAL,
        Decision.INCOMPLETE,
        Decision.INCOMPLETE,
    )
    assert result.exit_code == 3
    for file in (
        "run.json",
        "ledger.jsonl",
        "questions.yaml",
        "report.html",
        "report.pdf",
        "junit.xml",
        "pytest.html",
        "attestation.json",
    ):
        assert (folder / file).stat().st_size > 0
    verification = verify_run(folder)
    assert verification.intact, verification.lines()
    assert [note for note in verification.notes if not note.startswith("nobody signed this run")] == []
    text = (folder / "ledger.jsonl").read_text(encoding="utf-8")
    assert "Xj-learner" not in text, "a password reached the ledger"
    assert any(o.kind == "input" for o in read(folder)), "the honest learner's input is on record"
