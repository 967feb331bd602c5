"""The import rules that make a verdict defensible (design.md section 2), read from the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.reach import ROOT, imports, reached

RUNS = {
    f"harness.{name}"
    for name in ("actor", "attempt", "certify", "engine", "lastlook", "learner", "ledger", "reader", "walk")
}
"""What acts or writes down while a run goes on."""
SOURCES = sorted(p for folder in ("harness", "probes", "reports") for p in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def of_probes(*names: str) -> set[str]:
    """These modules of probes/ and those that they reach, wherever judging or observing put their helpers."""
    return {each for name in names for each in reached(name) if each.startswith("probes.")}


PROBES = {name_of(p).removesuffix(".__init__") for p in SOURCES if "probes" in p.relative_to(ROOT).parts} - {"probes"}
JUDGES = {name for name in PROBES if name.endswith(".judge")}
OBSERVERS = {name for name in PROBES if name.endswith(".observe")}
JUDGING = of_probes(*JUDGES)
OBSERVING = of_probes(*OBSERVERS)
BROWSING = ("harness.attacks", "harness.browser", "harness.camera", "harness.oncamera")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_nothing_of_ours_imports_the_fixtures(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] == "fixtures"]


@pytest.mark.parametrize("name", sorted(JUDGING))
def test_judges_reach_no_browser_no_http_no_engine_and_no_observer(name: str) -> None:
    found = reached(name)
    assert not found & {"playwright", "httpx", *RUNS, *OBSERVERS}
    assert not [each for each in found if each.startswith(BROWSING)]


def test_a_file_that_is_named_after_judges_judges() -> None:
    assert {name for name in PROBES if name.rpartition(".")[2].startswith("judge")} <= JUDGING


def test_every_file_of_the_probes_judges_or_observes() -> None:
    assert PROBES - JUDGING == OBSERVING - JUDGING


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_browser_and_camera_know_playwright(path: Path) -> None:
    if not name_of(path).startswith(("harness.browser", "harness.camera")):
        assert not [name for name in imports(path) if name.split(".")[0] == "playwright"]


@pytest.mark.parametrize("path", [p for p in SOURCES if "reports" in p.parts], ids=name_of)
def test_reports_know_the_model_and_not_the_engine(path: Path) -> None:
    ours = {name for name in imports(path) if name.startswith("harness.")}
    assert {name for name in ours if not name.startswith(("harness.model", "harness.errors"))} == set()


def test_the_rules_find_what_they_forbid() -> None:
    assert "playwright" in reached("harness.browser.session")
    assert "probes.f09_portrait_capture.captures" in JUDGING
    assert "probes.f10_face_recognition.asking" in OBSERVING - JUDGING
    assert "harness.walk" in reached("probes.f10_face_recognition.asking")
    assert reached("harness.certify") >= RUNS
