"""junit.xml: one test case per requirement, valid XML whatever a platform wrote."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.errors import LedgerError
from harness.model.run import RunResult
from reports import junit
from tests.reports import sample


def cases(result: RunResult) -> list[ET.Element]:
    return list(ET.fromstring(junit.render(result)).iter("testcase"))


@pytest.mark.parametrize("result", [sample.build(), sample.clean(), sample.hostile()])
def test_one_case_per_requirement(result: RunResult) -> None:
    assert len(cases(result)) == len(result.requirements)


def test_counts_agree_with_the_cases() -> None:
    root = ET.fromstring(junit.render(sample.build()))
    suite = root[0]
    for count, tag in (("failures", "failure"), ("skipped", "skipped")):
        assert int(suite.get(count, "")) == len(list(suite.iter(tag)))
    assert suite.get("tests") == str(len(list(suite.iter("testcase"))))


def test_outcomes_are_mapped() -> None:
    seen = {}
    for case in cases(sample.build()):
        values = {p.get("name"): p.get("value") for p in case.iter("property")}
        kind = (
            "failure" if case.find("failure") is not None else "skipped" if case.find("skipped") is not None else "ok"
        )
        seen[values["outcome"]] = kind
    assert seen == {"PASS": "ok", "WARN": "ok", "FAIL": "failure", "INCONCLUSIVE": "skipped", "REVIEW": "skipped"}


def test_a_failure_tells_what_was_seen_and_how_often() -> None:
    case = next(c for c in cases(sample.build()) if "F11-1" in c.get("name", ""))
    failure = case.find("failure")
    assert failure is not None
    assert "FAIL 2/2" in failure.get("message", "")
    assert "平台随后记入 24 分 20 秒" in failure.get("message", "")
    assert float(case.get("time", "")) == pytest.approx(2 * 1835.4)


def test_never_overwritten(tmp_path: Path) -> None:
    junit.write(tmp_path, sample.build())
    with pytest.raises(LedgerError):
        junit.write(tmp_path, sample.build())
