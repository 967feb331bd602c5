"""The pytest plugin presents a finished run, one row per requirement, and changes nothing in its folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import html as parser

import reports
from harness.errors import HarnessError, LedgerError
from harness.model.outcome import Outcome
from reports import json_run, pytest_html
from tests.reports import sample

ROOT = Path(reports.__file__).parent.parent


def run(*arguments: str, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    paths = [str(ROOT), *([str(path)] if path else [])]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "harness.plugin", *arguments],
        cwd=cwd,
        env={**environment, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.store(tmp_path_factory.mktemp("runs") / "mixed", sample.build())


@pytest.fixture(scope="module")
def presented(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, ET.Element]]:
    folder = tmp_path_factory.mktemp("out")
    done = run("--xunjian-run", str(mixed), "--junitxml", str(folder / "j.xml"), cwd=folder)
    assert done.returncode == 1, done.stdout + done.stderr
    found = {}
    for case in ET.parse(folder / "j.xml").iter("testcase"):
        values = {p.get("name"): p.get("value") for p in case.iter("property")}
        found[str(values["requirement"])] = case
    return done.stdout, found


def test_one_item_per_requirement(presented: tuple[str, dict[str, ET.Element]]) -> None:
    assert list(presented[1]) == [v.id for v in sample.build().requirements]


def test_outcomes_are_mapped_and_counted(presented: tuple[str, dict[str, ET.Element]]) -> None:
    said, cases = presented
    outcomes = [v.outcome for v in sample.build().requirements]
    failed = sum(o is Outcome.FAIL for o in outcomes)
    passed = sum(o in (Outcome.PASS, Outcome.WARN) for o in outcomes)
    assert f"{failed} failed, {passed} passed, {len(outcomes) - failed - passed} skipped" in said
    assert cases["AQ8011-2023/F09-4"].find("failure") is None
    skipped = cases["AQ8011-2023/F09-1"].find("skipped")
    assert skipped is not None
    assert "PRECONDITION_UNMET" in skipped.get("message", "")
    assert "检测结论 Conclusion: 不通过" in said


def test_times_are_those_of_the_walks(presented: tuple[str, dict[str, ET.Element]]) -> None:
    cases = presented[1]
    assert float(cases["AQ8011-2023/F05-1"].get("time", "")) == pytest.approx(1835.4)
    assert float(cases["AQ8011-2023/F11-1"].get("time", "")) == pytest.approx(2 * 1835.4)
    assert float(cases["AQ8011-2023/F10-1"].get("time", "")) == 0


def test_expected_and_observed_are_told_without_our_traceback(presented: tuple[str, dict[str, ET.Element]]) -> None:
    said = presented[0]
    assert "不得越过已观看位置" in said
    assert "平台随后记入 24 分 20 秒" in said
    assert f"evidence/{sample.PICTURE}" in said
    assert "plugin.py" not in said


def test_the_runs_folder_is_left_as_it_was(mixed: Path, presented: object) -> None:
    assert sorted(p.name for p in mixed.iterdir()) == ["evidence", "run.json"]


def test_levels_are_markers_and_ids_are_node_ids(mixed: Path, tmp_path: Path) -> None:
    done = run(f"--xunjian-run={mixed}", "--collect-only", "-q", "-m", "default", cwd=tmp_path)
    assert done.stdout.split()[:2] == ["AQ8011-2023/F05-2", "AQ8011-2023/F13-1v"]
    assert "Unknown" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--xunjian-run", "nowhere"], "no result that can be read"),
        (["--xunjian-run", ".", "--xunjian-profile", "p.yaml"], "not both"),
        (["--xunjian-run=.", "some_test.py"], "cannot be mixed"),
        (["--xunjian-profile", "p.yaml", "--collect-only"], "would certify"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], says: str, tmp_path: Path) -> None:
    (tmp_path / "some_test.py").write_text("def test_nothing(): pass\n", encoding="utf-8")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert says in done.stdout + done.stderr


def test_without_our_options_pytest_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text("def test_nothing(): pass\n", encoding="utf-8")
    done = run(cwd=tmp_path)
    assert done.returncode == 0
    assert "1 passed" in done.stdout


def test_a_profile_is_certified_first(mixed: Path, tmp_path: Path) -> None:
    """The hook gets every option, and the run that it made is what is presented."""
    (tmp_path / "standin.py").write_text(
        f"""
import json, sys, types
from pathlib import Path
def certify_sync(**options):
    print("ASKED " + json.dumps(options, default=str, sort_keys=True))
    return Path({str(mixed)!r})
sys.modules["harness.certify"] = types.SimpleNamespace(certify_sync=certify_sync)
""",
        encoding="utf-8",
    )
    done = run(
        *("-p", "standin", "-s", "--xunjian-profile", "p.yaml", "--xunjian-only", "F11,H01"),
        *("--xunjian-base-url", "http://127.0.0.1:1", "--xunjian-time-scale", "60", "--xunjian-run-dir", "new"),
        cwd=tmp_path,
        path=tmp_path,
    )
    asked = re.search("ASKED (.*)", done.stdout)
    assert asked is not None, done.stdout + done.stderr
    assert json.loads(asked[1]) == {
        "base_url": "http://127.0.0.1:1",
        "only": ["F11", "H01"],
        "profile": "p.yaml",
        "run_dir": "new",
        "time_scale": 60.0,
    }
    assert "2 failed" in done.stdout


def blob(page: Path) -> Any:
    source = parser.fromstring(page.read_text(encoding="utf-8"))
    return json.loads(str(source.xpath("string(//*[@id='data-container']/@data-jsonblob)")))


def rows(page: Path) -> dict[str, list[str]]:
    tests = blob(page)["tests"]
    assert all(len(entries) == 1 for entries in tests.values()), "one row per requirement"
    return {key: entries[0]["resultsTableRow"] for key, entries in tests.items()}


def test_pytest_html_has_one_row_per_requirement(tmp_path: Path) -> None:
    folder = sample.store(tmp_path / "run", sample.build())
    found = rows(pytest_html.write(folder))
    assert list(found) == [v.id for v in sample.build().requirements]
    row = " ".join(found["AQ8011-2023/F11-1"])
    for cell in ("Failed", "FAIL", "不得越过已观看位置", "平台随后记入 24 分 20 秒", "01:01:11"):
        assert cell in row
    assert "检测结论 Conclusion: 不通过" in (folder / "pytest.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in folder.iterdir()) == ["evidence", "pytest.html", "run.json"]


def test_pytest_html_escapes_what_a_platform_wrote(tmp_path: Path) -> None:
    folder = sample.store(tmp_path / "run", sample.hostile())
    page = pytest_html.write(folder)
    for row in rows(page).values():
        for cell in row:
            assert {e.tag for e in parser.fromstring(f"<table><tr>{cell}</tr></table>").iter()} == {"table", "tr", "td"}
    for entries in blob(page)["tests"].values():
        assert "<script" not in entries[0]["log"]
        assert "<img" not in entries[0]["log"]


def test_no_path_of_this_machine_gets_into_the_page(tmp_path: Path) -> None:
    page = pytest_html.write(sample.store(tmp_path / "run", sample.build())).read_text(encoding="utf-8")
    assert str(ROOT) not in page
    assert str(tmp_path) not in page


def test_pytest_html_is_never_overwritten(tmp_path: Path) -> None:
    folder = sample.store(tmp_path / "run", sample.clean())
    pytest_html.write(folder)
    with pytest.raises(LedgerError):
        pytest_html.write(folder)


def test_a_run_that_cannot_be_read_is_a_clear_fault(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"exit 4: .*no result that can be read"):
        pytest_html.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_write_all_makes_the_three_and_never_again(tmp_path: Path) -> None:
    folder = sample.store(tmp_path / "run", sample.build())
    made = reports.write_all(folder, sample.build())
    assert [p.name for p in made] == ["report.html", "junit.xml", "pytest.html"]
    assert all(p.stat().st_size > 1000 for p in made)
    before = {p: p.read_bytes() for p in made}
    made[0].unlink()
    with pytest.raises(LedgerError, match=r"junit\.xml"):
        reports.write_all(folder, sample.build())
    assert not made[0].exists()
    assert all(p.read_bytes() == before[p] for p in made[1:])


def test_write_all_refuses_another_runs_result(tmp_path: Path) -> None:
    folder = sample.store(tmp_path / "run", sample.build())
    with pytest.raises(LedgerError, match="another result"):
        reports.write_all(folder, sample.clean())
    assert json_run.read(folder) == sample.build()
    assert sorted(p.name for p in folder.iterdir()) == ["evidence", "run.json"]
