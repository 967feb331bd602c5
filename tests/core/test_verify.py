"""A stored run: intact, changed in any one place, unfinished, of another harness; and judged under other rules."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from harness.errors import LedgerError
from harness.ledger import canonical, sha256
from harness.model.outcome import Outcome
from harness.stored import stored
from harness.verify import Verification, verify_run
from reports import json_run
from tests.storedrun import PICTURE, store

EVIDENCE = f"evidence/{sha256(PICTURE)}.png"
UNATTESTED = "no attestation.json: reports were not checked"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store(tmp_path_factory.mktemp("original") / "run")


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return shutil.copytree(original, tmp_path / "run")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["xunjian", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return call


def named(report: Verification) -> list[str]:
    """Where the problems are."""
    assert not report.intact
    return [p.where for p in report.problems]


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def lines(run: Path) -> list[bytes]:
    return (run / "ledger.jsonl").read_bytes().splitlines(keepends=True)


def put(run: Path, kept: list[bytes]) -> None:
    (run / "ledger.jsonl").write_bytes(b"".join(kept))


def said(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return found


def say(run: Path, content: dict[str, Any]) -> None:
    """Write run.json in its own form, as a careful forger would."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    (run / "run.json").write_text(text, encoding="utf-8")


def test_an_intact_run(run: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = command("verify", run)
    assert (code, err) == (0, "")
    assert out == f"run: {len(lines(run))} lines, intact 完整\n  note: {UNATTESTED}\n"
    code, out, _ = command("verify", run, "--json")
    assert (code, json.loads(out)) == (
        0,
        {
            "run": "run",
            "intact": True,
            "lines_checked": len(lines(run)),
            "problems": [],
            "notes": [UNATTESTED],
            "signer": "",
        },
    )


def test_the_stored_run_really_says_something(original: Path) -> None:
    result = json_run.read(original)
    outcome = {v.id.split("/")[1]: v.outcome for v in result.requirements}
    assert outcome["F03-1"] is Outcome.PASS
    assert outcome["F05-1"] is Outcome.INCONCLUSIVE  # its other walk was not made


@pytest.mark.parametrize("number", [1, 2, 3, 200, -1])
def test_one_changed_byte_of_a_line(run: Path, number: int, command: Callable[..., tuple[int, str, str]]) -> None:
    all_lines = lines(run)
    at = number if number > 0 else len(all_lines)
    flip(run / "ledger.jsonl", sum(map(len, all_lines[: at - 1])) + len(all_lines[at - 1]) // 2)
    code, out, err = command("verify", run)
    assert (code, err) == (1, "")
    assert "CHANGED" in out
    assert f"ledger.jsonl:{at}: " in out


def test_a_changed_line_with_its_hash_made_anew_breaks_the_chain(run: Path) -> None:
    all_lines = lines(run)
    place = next(i for i, raw in enumerate(all_lines) if b'"kind":"credit"' in raw and b'"credited_s":300' in raw)
    line = json.loads(all_lines[place])
    line["data"]["credit"]["credited_s"] = 60.0
    line["hash"] = sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())
    put(run, [*all_lines[:place], canonical(line).encode() + b"\n", *all_lines[place + 1 :]])
    assert named(verify_run(run)) == [f"ledger.jsonl:{place + 2}"]


def test_a_wholly_new_chain_is_not_what_run_json_belongs_to(run: Path) -> None:
    prev, forged = "0" * 64, []
    for raw in lines(run):
        line = json.loads(raw)
        if line["kind"] == "credit":
            line["data"]["credit"]["credited_s"] = 0.0
        line["prev"] = prev
        line["hash"] = prev = sha256(canonical({k: v for k, v in line.items() if k != "hash"}).encode())
        forged.append(canonical(line).encode() + b"\n")
    put(run, forged)
    (problem,) = verify_run(run).problems
    assert problem.where == "run.json"
    assert "belongs to another ledger" in problem.message


def test_one_changed_byte_of_an_evidence_file(run: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    flip(run / EVIDENCE, 5)
    code, out, _ = command("verify", run)
    assert code == 1
    assert f"{EVIDENCE}: file was changed" in out


def test_a_removed_evidence_file(run: Path) -> None:
    (run / EVIDENCE).unlink()
    (problem,) = verify_run(run).problems
    assert (problem.where, problem.message) == (EVIDENCE, "file is missing")


def test_an_added_evidence_file_is_noted(run: Path) -> None:
    (run / "evidence" / "stranger.png").write_bytes(b"?")
    report = verify_run(run)
    assert report.intact
    assert report.notes == [UNATTESTED, "evidence/stranger.png: no line of the ledger names this file"]


@pytest.mark.parametrize("number", [1, 2, 300])
def test_a_removed_line(run: Path, number: int) -> None:
    all_lines = lines(run)
    put(run, all_lines[: number - 1] + all_lines[number:])
    assert f"ledger.jsonl:{number}" in named(verify_run(run))


def test_two_lines_changed_about(run: Path) -> None:
    all_lines = lines(run)
    all_lines[10], all_lines[11] = all_lines[11], all_lines[10]
    put(run, all_lines)
    assert "ledger.jsonl:11" in named(verify_run(run))


def test_the_last_line_removed(run: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    all_lines = lines(run)
    put(run, all_lines[:-1])
    code, out, _ = command("verify", run)
    assert code == 1
    assert f"run.json: belongs to another ledger: {len(all_lines)} lines ending in" in out
    assert f"found {len(all_lines) - 1} ending in" in out


@pytest.mark.parametrize("line", [b"[]\n", b"7\n", b"null\n", b'{"seq":"x"}\n', b"\xff\xfe\n", b"\n"])
def test_a_line_that_is_none_is_named_and_the_rest_is_still_checked(run: Path, line: bytes) -> None:
    all_lines = lines(run)
    put(run, [*all_lines[:20], line, *all_lines[21:]])
    flip(run / EVIDENCE, 0)
    where = named(verify_run(run))
    assert where[0] == "ledger.jsonl:21"
    assert EVIDENCE in where


@pytest.mark.parametrize("tenth", range(10))
def test_one_changed_byte_of_run_json(run: Path, tenth: int) -> None:
    path = run / "run.json"
    flip(path, path.stat().st_size * tenth // 10 + 3)
    where = named(verify_run(run))
    assert set(where) == {"run.json"}


@pytest.mark.parametrize("change", ["space", "key", "order"])
def test_run_json_in_another_form(run: Path, change: str) -> None:
    path = run / "run.json"
    text = path.read_text(encoding="utf-8")
    if change == "space":
        path.write_text(text + " ", encoding="utf-8")
    elif change == "key":
        path.write_text(text.replace('{\n  "', '{\n  "note": 1,\n  "', 1), encoding="utf-8")
    else:
        path.write_text(json.dumps(json.loads(text), ensure_ascii=False), encoding="utf-8")
    assert named(verify_run(run)) == ["run.json"]


def test_an_outcome_changed_by_hand(run: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    content = said(run)
    verdict = next(v for v in content["requirements"] if v["id"].endswith("/F03-1"))
    verdict["outcome"] = "FAIL"
    say(run, content)
    code, out, _ = command("verify", run)
    assert code == 1
    assert f"run.json: {verdict['id']} does not follow from the ledger: says FAIL, the ledger gives PASS" in out


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decision", "CONFORMANT"),
        ("decision_extended", "CONFORMANT"),
        ("would_be", "CONFORMANT"),
        ("selftest", {"status": "passed"}),
        ("mode", "certification"),
        ("not_tested", []),
        ("run_id", "another"),
        ("wall_s", 1.0),
    ],
)
def test_anything_else_changed_by_hand(run: Path, name: str, value: object) -> None:
    content = said(run)
    assert content[name] != value
    content[name] = {**content[name], **value} if isinstance(value, dict) else value
    say(run, content)
    report = verify_run(run)
    assert set(named(report)) == {"run.json"}
    assert any(f"'{name}' does not follow from the ledger" in p.message for p in report.problems)


def test_another_harness_is_a_note_and_no_tampering(
    tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    run = store(tmp_path / "run", digest="a" * 64)
    code, out, _ = command("verify", run)
    assert code == 0
    assert "intact" in out
    assert "note: observed and judged by harness aaaaaaaaaaaa, this is " in out
    assert "verdicts were not derived again" in out


def test_another_harness_claimed_by_hand_is_found(run: Path) -> None:
    content = said(run)
    content["harness"]["digest"] = "b" * 64
    say(run, content)
    (problem,) = verify_run(run).problems
    assert "'harness' does not follow from the ledger" in problem.message


def test_a_killed_run_is_no_changed_one(tmp_path: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    run = store(tmp_path / "run", finished=False)
    code, out, _ = command("verify", run)
    assert (code, "note: no run.json: the run was not finished" in out) == (0, True)
    whole = (run / "ledger.jsonl").read_bytes()
    (run / "ledger.jsonl").write_bytes(whole[:-30])
    code, out, _ = command("verify", run)
    assert (code, "line was cut off" in out) == (0, True)
    flip(run / "ledger.jsonl", 500)
    code, out, _ = command("verify", run)
    assert (code, "ledger.jsonl:1: " in out) == (1, True)


def test_a_finished_run_without_its_result(run: Path) -> None:
    (run / "run.json").unlink()
    (problem,) = verify_run(run).problems
    assert (problem.where, "file is missing" in problem.message) == ("run.json", True)


def test_a_folder_without_a_line_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").touch()
    with pytest.raises(LedgerError, match="got no line"):
        verify_run(tmp_path)


def snapshot(run: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(p.relative_to(run)): (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(run.rglob("*")) if p.is_file()
    }


def test_judged_again_under_its_own_rules_the_result_is_the_same(run: Path) -> None:
    assert json_run.render(stored(run)) == (run / "run.json").read_text(encoding="utf-8")


def test_judged_again_the_report_is_written_elsewhere(
    run: Path, tmp_path: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    before = snapshot(run)
    page = tmp_path / "again.html"
    assert command("rejudge", run, "--standard", "jiangxi-2024-24", "--html", page)[0] == 3
    assert "jiangxi-2024-24" in page.read_text(encoding="utf-8")
    assert snapshot(run) == before
    assert command("rejudge", run, "--html", page)[0] == 2


def test_judged_again_under_an_overlay_there_is_more_to_meet_and_the_run_stays(
    run: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    before = snapshot(run)
    code, out, err = command("rejudge", run, "--standard", "jiangxi-2024-24", "--json")
    assert (code, err) == (3, "")
    again, first = json.loads(out), said(run)
    assert again["standard"]["overlays"] == ["jiangxi-2024-24"]
    assert again["standard"]["digest"] != first["standard"]["digest"]
    old = {v["id"]: v["outcome"] for v in first["requirements"]}
    new = {v["id"]: v["outcome"] for v in again["requirements"]}
    assert set(old) < set(new)
    assert {name.split("/")[1] for name in set(new) - set(old)} == {
        "F01-2",
        "F03-2",
        "F04-2",
        "F07-14",
        "JX-15",
        "JX-16",
    }
    assert {name: new[name] for name in old} == old
    assert snapshot(run) == before
    assert verify_run(run).intact
