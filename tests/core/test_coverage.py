"""docs/coverage.md follows from standard, probes and defects, and says of everything how it is tested or why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.coverage import PAGE, ROOT, UNKNOWN, collect, main, render, stretches

COVERAGE = collect()


def test_the_page_is_not_stale() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == render(COVERAGE), "renew it with `make coverage`"


def test_every_requirement_has_a_judge_or_a_reason() -> None:
    page = render(COVERAGE)
    for requirement in COVERAGE.standard.requirements:
        assert f"### {requirement.short} " in page
        assert COVERAGE.serving.get(requirement.id) or COVERAGE.untested(requirement)
        if requirement.observe != "automatic":
            assert requirement.question is not None
            assert requirement.question.en in page


def test_every_defect_is_named_at_what_it_violates() -> None:
    page = render(COVERAGE)
    for entry in COVERAGE.defects:
        if entry.violates is not None:
            assert COVERAGE.standard.find(entry.violates) is not None, entry.id
            assert f"`{entry.id}`" in page


def test_stretches_are_read_from_the_source(tmp_path: Path) -> None:
    package = tmp_path / "probes" / "f99_example"
    package.mkdir(parents=True)
    (tmp_path / "probes" / "shared.py").write_text("async def rest(walk):\n    walk.segment('rested', 'rest')\n")
    (package / "judge.py").write_text("def walked(walk):\n    walk.control('never a judge')\n")
    (package / "observe.py").write_text(
        "async def walked(walk):\n"
        "    await walk.control('before', x)\n"
        "    await attack(walk, 'seek')\n"
        "    await attack(walk, name='rate')\n"
        "    await attack(walk, chosen())\n"
        "    await retried(again)\n"
        "    await walk.control(f'after_{way}', x)\n"
        "async def attack(walk, name):\n"
        "    async with walk.segment(f'by_{name}', 'attack'):\n"
        "        await rest(walk)\n"
        "        walk.note(Stimulus(means='tool', name='poke'))\n"
        "async def again(walk):\n"
        "    walk.stretch('handed on', 'rest')\n"
        "async def unused(walk):\n"
        "    walk.control('unused')\n"
    )
    made = stretches("f99_example", "walked", tmp_path)
    assert made.honest == ["before", f"after_{UNKNOWN}"]
    assert made.stimuli == ["poke"]
    assert made.others == ["by_seek", "rested", "by_rate", f"by_{UNKNOWN}", "handed on"]


def test_checking_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = (ROOT / PAGE).stat().st_mtime_ns
    code = main(["--check"])
    assert (ROOT / PAGE).stat().st_mtime_ns == before
    assert ("stale" in capsys.readouterr().out) == (code == 1)
