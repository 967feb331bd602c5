"""The demonstration: a named part of the certification on a platform that conforms, and on the same one with a defect.

A second one takes Kolibri, which nobody here wrote, in real time.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text as Line

from harness.certify import certify
from harness.console import requirements
from harness.errors import UsageError
from harness.events import Event
from harness.model.finding import Text, Verdict
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.prepare import Order
from harness.selftest.catalogue import read_catalogue
from reports.labels import Lang, pick
from reports.plain import one_line
from reports.wording import spoken

FIXTURES = Path("fixtures")
PROFILES = FIXTURES / "profiles"
DEFECTS = FIXTURES / "refplatform" / "defects" / "entries"
SWITCH = "XUNJIAN_DEFECTS"


@dataclass(frozen=True, slots=True)
class Part:
    """One subject of the demonstration and what must come out."""

    name: str
    profile: str
    scale: float
    expected: dict[str, Outcome]
    """The requirements that are tested, and what must come out."""
    defect: str = ""
    """The subject's defect that is switched on, by its id in the catalogue."""


PARTS = (
    Part(
        "合规平台 The platform that conforms",
        "reference-spa.yaml",
        30,
        {
            "F03-1": Outcome.PASS,
            "F11-1": Outcome.PASS,
            "F11-2": Outcome.PASS,
            "F12-1": Outcome.PASS,
            "F12-2": Outcome.PASS,
        },
    ),
    Part(
        "同一平台，带一处缺陷 The same platform with one defect",
        "reference-spa.yaml",
        30,
        {"F12-1": Outcome.PASS, "F12-2": Outcome.FAIL},
        defect="f12-tabs-of-one-login",
    ),
)
KOLIBRI = (
    Part(
        "Kolibri",
        "kolibri.yaml",
        1,
        {
            "F03-1": Outcome.PASS,
            "F05-1": Outcome.PASS,
            "F05-2": Outcome.FAIL,
            "F11-1": Outcome.FAIL,
            "F12-1": Outcome.FAIL,
        },
    ),
)


def run_demo(lang: Lang = "zh", parts: tuple[Part, ...] = PARTS) -> int:
    """Run every part; 0 when each verdict is the expected one, else 1.

    Raises UsageError outside the repository's folder.
    """
    good, reports = True, []
    console = Console()
    for part in parts:
        profile = PROFILES / part.profile
        if not profile.is_file():
            raise UsageError("profile not found", where=str(profile), hint="Run the demo from the repository's folder.")
        print(f"\n== {part.name} ==", flush=True)
        if part.defect:
            console.print(Line(f"缺陷 defect {part.defect}：{pick(_statement(part.defect), lang)}"))
        start = time.monotonic()
        with _switched_on(part.defect):
            folder, result = certify(Order(profile, only=tuple(part.expected), scale=part.scale), _say)
        console.print(requirements([v for v in result.requirements if _short(v) in part.expected], part.name, lang))
        for verdict in _caught(part, result):
            _explain(console, verdict, lang)
        reports.append(f"{part.name}  {folder / 'report.html'}  ({time.monotonic() - start:.0f} s)")
        good = _as_expected(part, result) and good
    print("\n报告 reports:", *reports, sep="\n  ")
    print("演示完成 demo done" if good else "演示结果与预期不符 the demo did not come out as expected")
    return 0 if good else 1


def _statement(defect: str) -> Text:
    found = next((entry for entry in read_catalogue(DEFECTS) if entry.id == defect), None)
    if found is None:
        raise UsageError("no such defect", where=str(DEFECTS), got=defect)
    return found.statement


@contextlib.contextmanager
def _switched_on(defect: str) -> Iterator[None]:
    """Our own subject, started meanwhile, has this defect; no other, whatever the shell says."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = defect
    try:
        yield
    finally:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


def _say(event: Event) -> None:
    if event.kind in ("finished", "repeated"):
        print(f"  {event.kind} {event.walk} #{event.attempt} {event.seconds:.0f} s", flush=True)


def _caught(part: Part, result: RunResult) -> list[Verdict]:
    """What a defect made fail."""
    if not part.defect:
        return []
    return [v for v in result.requirements if v.outcome is Outcome.FAIL and _short(v) in part.expected]


def _explain(console: Console, verdict: Verdict, lang: Lang) -> None:
    """Requirement, what was expected and what was seen, and where the proof is."""
    lines = (
        ("发现", "caught", f"{_short(verdict)} {pick(verdict.title, lang)}"),
        ("应当", "expected", pick(verdict.expected, lang)),
        ("实际", "observed", spoken(verdict.observed, lang)),
        ("依据", "proof", f"ledger.jsonl {', '.join(str(seq) for seq in verdict.refs[:8])}"),
    )
    for zh, en, text in lines:
        console.print(
            Line(f"{zh if lang == 'zh' else en}: ", style="bold").append(one_line(text, 400), style="default")
        )


def _short(verdict: Verdict) -> str:
    return verdict.id.rsplit("/", 1)[-1]


def _as_expected(part: Part, result: RunResult) -> bool:
    got = {_short(v): v.outcome for v in result.requirements}
    wrong = {name: got.get(name) for name, wanted in part.expected.items() if got.get(name) is not wanted}
    for name, outcome in wrong.items():
        print(f"  {name}: got {outcome}, expected {part.expected[name]}")
    return not wrong
