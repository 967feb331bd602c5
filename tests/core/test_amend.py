"""Answers and objections make an amended run beside the first: linked, signed, and only where something was asked."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from harness import cli, conclude
from harness.amend import amend, load_added
from harness.conclude import Issue
from harness.errors import LedgerError, UsageError
from harness.forms import Waivers, read_form
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.standards.institution import load_institution
from harness.verify import verify_run
from reports import json_run
from reports.keys import SigningKey, new_key
from tests.storedrun import issue, print_plainly

REQUIREMENT = "AQ8011-2023/IM-1"


@pytest.fixture(scope="module", autouse=True)
def _plain_printer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conclude, "printer", print_plainly)
        yield


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("示例检测中心")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> Path:
    return issue(tmp_path_factory.mktemp("original") / "run", key)


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "runs" / "run")


def filled(run: Path, answers: dict[str, dict[str, object]], /, **more: object) -> Path:
    """The run's own form with some answers in it."""
    form = yaml.safe_load((run / "questions.yaml").read_text(encoding="utf-8"))
    for entry in (*form["requirements"], *form["institution"]):
        entry.update(answers.get(entry["id"], {}))
    path = run.parent / "answers.yaml"
    path.write_text(yaml.safe_dump({**form, **more}, allow_unicode=True), encoding="utf-8")
    return path


YES: dict[str, object] = {"answer": "yes", "name": "李评定", "date": date(2026, 11, 25), "text": "查阅审核记录 12 份"}


def outcome(result: RunResult, requirement: str = REQUIREMENT) -> Outcome:
    return next(v.outcome for v in result.requirements if v.id == requirement)


def test_the_form_asks_what_waits_and_lists_the_institutions_part(run: Path) -> None:
    form = yaml.safe_load((run / "questions.yaml").read_text(encoding="utf-8"))
    result = json_run.read(run)
    assert form["run"] == result.run_id
    waiting = {v.id for v in result.requirements if v.outcome is Outcome.REVIEW}
    assert {e["id"] for e in form["requirements"]} == waiting != set()
    assert [e["id"] for e in form["institution"]] == [i.id for i in load_institution().items]
    assert all(e["question"] and e["answer"] is None for e in form["requirements"])


def test_an_answer_settles_a_review_in_a_new_run_and_the_old_one_stays(run: Path, key: SigningKey) -> None:
    before = {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()}
    (run.parent / "minutes.pdf").write_bytes(b"%PDF the minutes")
    answers = filled(run, {REQUIREMENT: {**YES, "attachments": ["minutes.pdf"]}})
    folder, result = amend(run, load_added(answers, None, ""), Issue(key=key))
    assert {p.relative_to(run): p.read_bytes() for p in run.rglob("*") if p.is_file()} == before
    assert folder.name.endswith("-A1")
    assert (outcome(json_run.read(run)), outcome(result)) == (Outcome.REVIEW, Outcome.PASS)
    (verdict,) = (v for v in result.requirements if v.id == REQUIREMENT)
    assert "李评定, 2026-11-25" in verdict.observed.zh
    assert len(verdict.evidence) == 1
    assert (folder / "evidence" / verdict.evidence[0]).read_bytes() == b"%PDF the minutes"
    assert (folder / "ledger.jsonl").read_bytes().startswith((run / "ledger.jsonl").read_bytes())
    report = verify_run(folder, [key.certificate])
    assert report.problems == []
    assert result.number in (folder / "report.html").read_text(encoding="utf-8")
    assert "修订记录" in (folder / "report.html").read_text(encoding="utf-8")
    assert result.finished_utc == json_run.read(run).finished_utc
    assert [p.name for p in run.parent.iterdir() if p.name.startswith(".")] == []


def test_an_amended_run_is_amended_again(run: Path, key: SigningKey) -> None:
    first, _ = amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))
    second, result = amend(
        first, load_added(filled(first, {"1.1": YES, "6.2": {**YES, "answer": "no"}}), None, ""), Issue(key=key)
    )
    assert second.name.endswith("-A2")
    assert [(i.id, i.answer) for i in result.institution] == [("1.1", "yes"), ("6.2", "no")]
    assert result.decision == json_run.read(first).decision
    assert verify_run(second).intact
    with pytest.raises(LedgerError, match="already"):
        amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))


def test_an_answer_is_corrected_by_a_later_one(run: Path, key: SigningKey) -> None:
    first, _ = amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))
    path = run.parent / "correction.yaml"
    path.write_text(
        f"run: {json_run.read(first).number}\nrequirements:\n"
        f"  - {{id: {REQUIREMENT}, answer: no, name: 王, date: 2026-11-27, text: 记录为事后补写}}\n",
        encoding="utf-8",
    )
    second, result = amend(first, load_added(path, None, "更正"), Issue(key=key))
    assert outcome(json_run.read(first)) is Outcome.PASS
    assert outcome(result) is Outcome.FAIL
    assert [a.reason for a in result.amendments][-1] == "更正"
    assert verify_run(second).intact


def test_an_amended_run_without_its_result_is_no_unfinished_one(run: Path, key: SigningKey) -> None:
    """Whoever takes away what it concluded must not make a run of it that only was not finished yet."""
    folder, _ = amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))
    (folder / "run.json").unlink()
    (problem,) = verify_run(folder).problems
    assert (problem.where, "file is missing" in problem.message) == ("run.json", True)


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The tool is another version than the one that made the run."""
    for place in ("amend", "verify", "stored"):
        monkeypatch.setattr(f"harness.{place}.harness_digest", lambda: "0" * 64)
    return monkeypatch


def test_another_version_that_judges_alike_may_amend(run: Path, key: SigningKey, upgraded: pytest.MonkeyPatch) -> None:
    folder, result = amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))
    assert outcome(result) is Outcome.PASS
    assert verify_run(folder).intact


def test_an_amendment_brings_in_no_other_reading_of_the_ledger(
    run: Path, key: SigningKey, upgraded: pytest.MonkeyPatch
) -> None:
    """What failed must not pass in a report that only adds an answer."""
    assert outcome(json_run.read(run), "AQ8011-2023/F03-1") is Outcome.PASS
    upgraded.setattr("probes.f03_remote_teaching.judge.judge_plays", None)
    with pytest.raises(LedgerError, match=r"judges the run otherwise.*F03-1 INCONCLUSIVE"):
        amend(run, load_added(filled(run, {REQUIREMENT: YES}), None, ""), Issue(key=key))
    assert [p.name for p in run.parent.iterdir() if p.is_dir()] == ["run"]


def test_no_answer_touches_what_was_observed(run: Path, key: SigningKey) -> None:
    path = run.parent / "answers.yaml"
    path.write_text(
        f"run: {json_run.read(run).run_id}\nrequirements:\n"
        "  - {id: AQ8011-2023/F05-1, answer: no, name: A, date: 2026-11-25}\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match="never changes what was observed"):
        amend(run, load_added(path, None, ""), Issue(key=key))
    assert [p.name for p in run.parent.iterdir() if p.is_dir()] == ["run"]


def test_a_changed_run_is_not_amended(run: Path) -> None:
    answers = filled(run, {REQUIREMENT: YES})
    (run / "report.html").write_text("<p>通过</p>", encoding="utf-8")
    with pytest.raises(LedgerError, match="not intact"):
        amend(run, load_added(answers, None, ""), Issue())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": ""}, "needs the name"),
        ({"date": None}, "needs its date"),
        ({"answer": "not_applicable", "text": ""}, "needs its reason"),
        ({"answer": "maybe"}, "'yes', 'no' or 'not_applicable'"),
    ],
)
def test_an_answer_that_is_not_whole_is_named_with_its_line(run: Path, change: dict[str, object], message: str) -> None:
    answers = filled(run, {REQUIREMENT: {**YES, **change}})
    with pytest.raises(UsageError, match=message) as refused:
        load_added(answers, None, "")
    assert "answers.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("word", "means"), [("yes", "yes"), ("是", "yes"), ("不符合", "no"), ("不适用", "not_applicable")]
)
def test_answers_in_chinese(run: Path, word: str, means: str) -> None:
    added = load_added(filled(run, {REQUIREMENT: {**YES, "answer": word}}), None, "")
    assert added.answers is not None
    assert [e.answer for e in added.answers.given] == [means]


def test_plain_yaml_booleans_are_answers(run: Path) -> None:
    added = load_added(filled(run, {REQUIREMENT: {**YES, "answer": False}}), None, "")
    assert added.answers is not None
    assert added.answers.given[0].answer == "no"


def test_nothing_said_and_another_run_are_refused(run: Path) -> None:
    with pytest.raises(UsageError, match="nothing is answered"):
        load_added(run / "questions.yaml", None, "")
    with pytest.raises(UsageError, match="another run"):
        amend(run, load_added(filled(run, {REQUIREMENT: YES}, run="other"), None, ""), Issue())
    with pytest.raises(UsageError, match="cannot be read"):
        amend(run, load_added(filled(run, {REQUIREMENT: {**YES, "attachments": ["none.pdf"]}}), None, ""), Issue())
    assert [p.name for p in run.parent.iterdir() if p.is_dir()] == ["run"]


def test_an_objection_is_answered_point_by_point(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    objection = run.parent / "objection.yaml"
    objection.write_text(
        f"""run: {json_run.read(run).run_id}
by: 示例科技有限公司
raised: 2026-11-26
points:
  - requirement: F05-1
    statement: 记录以服务器时间为准
    answer: 已按两端时钟之差折算，见不确定度
    effect: upheld
    name: 王复核
    date: 2026-11-27
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys, "argv", ["xunjian", "attest", str(run), "--objection", str(objection)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == json_run.read(run).exit_code
    folder = next(p for p in run.parent.iterdir() if p.name.endswith("-A1"))
    assert str(folder) in capsys.readouterr().out
    page = (folder / "report.html").read_text(encoding="utf-8")
    for part in ("异议与答复", "记录以服务器时间为准", "维持原判定", "王复核 2026-11-27"):
        assert part in page
    assert "attestation.json" in {p.where for p in verify_run(folder, [new_key("A").certificate]).problems}


@pytest.mark.parametrize(
    ("today", "subject", "covered"),
    [
        (date(2026, 12, 31), "Acme", True),
        (date(2027, 1, 1), "Acme", False),
        (date(2026, 12, 1), "Other", False),
    ],
)
def test_a_waiver_ends_with_its_last_day(tmp_path: Path, today: date, subject: str, covered: bool) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(
        "waivers:\n  - {requirement: F11-1, subject: Acme, owner: 张, reason: 已排期, expires: 2026-12-31}\n",
        encoding="utf-8",
    )
    waivers = read_form(path, Waivers)
    assert (waivers.covers("AQ8011-2023/F11-1", subject, today) is not None) is covered
    assert waivers.covers("AQ8011-2023/F11-2", subject, today) is None


def test_the_institutions_list_is_the_notices_word_for_word() -> None:
    annex = (Path(__file__).parents[1] / "standards" / "notice-annex.txt").read_text(encoding="utf-8")
    items = load_institution().items
    assert len(items) == 26
    for item in items:
        assert item.question.zh in annex
        assert item.section.zh in annex
