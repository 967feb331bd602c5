"""junit.xml: one test case per requirement, for continuous integration."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from harness.model.finding import Verdict
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from reports import times
from reports.labels import Lang, named, pick
from reports.once import write_once
from reports.plain import clean, one_line
from reports.wording import spoken

JUNIT_XML = "junit.xml"
LONGEST_MESSAGE = 400
FAILED = frozenset({Outcome.FAIL})
PASSED = frozenset({Outcome.PASS, Outcome.WARN})
"""Every other outcome is `skipped`: we could not tell, or a person must look. The pytest plugin splits alike."""


def render(result: RunResult, lang: Lang = "zh") -> str:
    """The document as text. Outcome, reason, level, evidence and ledger lines are properties of each test case."""
    verdicts = result.requirements
    counts = {
        "tests": str(len(verdicts)),
        "failures": str(sum(v.outcome in FAILED for v in verdicts)),
        "errors": "0",
        "skipped": str(sum(v.outcome not in FAILED | PASSED for v in verdicts)),
        "time": f"{result.wall_s:.3f}",
    }
    root = ET.Element("testsuites", {"name": "xunjian", **counts})
    suite = ET.SubElement(
        root, "testsuite", {"name": one_line(f"{result.standard.id} {result.subject.name}", 200), **counts}
    )
    started = times.moment(result.started_utc)
    if started:
        suite.set("timestamp", started.isoformat(timespec="seconds"))
    _properties(
        suite,
        run_id=result.run_id,
        mode=result.mode.value,
        decision=result.decision.value,
        decision_extended=result.decision_extended.value,
        would_be=result.would_be.value,
        subject_version=result.subject.version,
    )
    for verdict in verdicts:
        _case(suite, verdict, result, lang)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def write(run_dir: Path, result: RunResult, lang: Lang = "zh") -> Path:
    """Write junit.xml into a run's folder. Raises LedgerError if there is one."""
    return write_once(run_dir / JUNIT_XML, render(result, lang))


def message(verdict: Verdict, lang: Lang = "zh", longest: int = LONGEST_MESSAGE) -> str:
    """`FAIL 2/2: observed …; expected …` on one line; a reason in words where we could not tell."""
    head = verdict.outcome.value
    if verdict.reason:
        head += f"({verdict.reason.value} {pick(named('reason', verdict.reason.value), lang)})"
    if verdict.repeated:
        head += f" {verdict.repeated}"
    observed, expected = spoken(verdict.observed, lang), pick(verdict.expected, lang)
    words = ("实测：", "；要求：") if lang == "zh" else ("observed: ", "; expected: ")
    return one_line(f"{head} {words[0]}{observed}{words[1]}{expected}", longest)


def _case(suite: ET.Element, verdict: Verdict, result: RunResult, lang: Lang) -> None:
    took = times.span(times.walks_of(verdict, result), result).took
    case = ET.SubElement(
        suite,
        "testcase",
        {
            "classname": one_line(f"{result.standard.id}.{verdict.function}", 200),
            "name": one_line(f"{verdict.id} {pick(verdict.title, lang)}", 300),
            "time": f"{took:.3f}",
        },
    )
    _properties(
        case,
        requirement=verdict.id,
        outcome=verdict.outcome.value,
        reason=verdict.reason.value if verdict.reason else "",
        level=verdict.level.value,
        mandatory=str(verdict.mandatory).lower(),
        expected=pick(verdict.expected, lang),
        observed=spoken(verdict.observed, lang),
        uncertainty=verdict.uncertainty,
        repeated=verdict.repeated,
        evidence=" ".join(verdict.evidence),
        ledger=" ".join(str(seq) for seq in verdict.refs),
    )
    if verdict.outcome in PASSED:
        return
    failed = verdict.outcome in FAILED
    element = ET.SubElement(case, "failure" if failed else "skipped", {"message": message(verdict, lang)})
    if failed:
        element.set("type", "FAIL")
        element.text = clean(message(verdict, lang, 4000), 4000)


def _properties(parent: ET.Element, **values: str) -> None:
    element = ET.SubElement(parent, "properties")
    for name, value in values.items():
        if value:
            ET.SubElement(element, "property", {"name": name, "value": one_line(value)})
