"""The ledger survives a kill, and finds every kind of tampering."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.clock import FakeClock
from harness.errors import LedgerError
from harness.ledger import EvidenceStore, Ledger, read, sha256, verify_chain
from harness.model.observation import Context, Fault, Input


def write(run: Path, count: int = 5) -> None:
    ledger = Ledger(run, FakeClock())
    name = ledger.evidence.put(b"picture", "png")
    for _ in range(count):
        ledger.append(Input(device="mouse", trusted=True), Context(walk="w"), evidence=[name])
    ledger.close()


def test_what_was_written_is_read_back_and_verifies(tmp_path: Path) -> None:
    write(tmp_path)
    seen = list(read(tmp_path))
    assert [o.seq for o in seen] == [1, 2, 3, 4, 5]
    assert seen[0].data == Input(device="mouse", trusted=True)
    problems, head, count = verify_chain(tmp_path)
    assert (problems, head, count) == ([], seen[-1].hash, 5)


def test_every_single_changed_byte_is_found(tmp_path: Path) -> None:
    write(tmp_path, 2)
    path = tmp_path / "ledger.jsonl"
    raw = path.read_bytes()
    for place in range(len(raw)):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        problems, _, _ = verify_chain(tmp_path)
        assert problems, f"byte {place} changed and nobody noticed"


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_a_removed_line_is_found(tmp_path: Path, line: int) -> None:
    write(tmp_path)
    path = tmp_path / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    problems, _, _ = verify_chain(tmp_path)
    assert any("chain is broken" in p.message for p in problems)


def test_a_removed_last_line_changes_head_and_count(tmp_path: Path) -> None:
    write(tmp_path)
    _, head, count = verify_chain(tmp_path)
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    _, shorter_head, shorter = verify_chain(tmp_path)
    assert (shorter, shorter_head != head) == (count - 1, True)


def test_a_swapped_or_missing_evidence_file_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (file,) = (tmp_path / "evidence").iterdir()
    file.write_bytes(b"other picture")
    problems, _, _ = verify_chain(tmp_path)
    assert [p.where for p in problems] == [f"evidence/{file.name}"]
    file.unlink()
    problems, _, _ = verify_chain(tmp_path)
    assert [p.message for p in problems] == ["file is missing"]


def test_a_line_cut_off_is_kept_as_evidence_and_the_chain_goes_on(tmp_path: Path) -> None:
    write(tmp_path, 3)
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert len(list(read(tmp_path))) == 2
    ledger = Ledger(tmp_path, FakeClock())
    ledger.append(Fault(whose="harness", type="Killed", message="taken up again"))
    ledger.close()
    problems, _, count = verify_chain(tmp_path)
    assert (problems, count) == ([], 3)
    assert any(f.suffix == ".torn" for f in (tmp_path / "evidence").iterdir())


def test_a_killed_writer_loses_nothing_that_it_said_it_wrote(tmp_path: Path) -> None:
    code = (
        "import sys;from pathlib import Path;from harness.clock import SystemClock;"
        "from harness.ledger import Ledger;from harness.model.observation import Input\n"
        "ledger=Ledger(Path(sys.argv[1]),SystemClock())\n"
        "while True:\n"
        " print(ledger.append(Input(device='mouse',trusted=True)).seq,flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = 0
    for line in child.stdout:
        said = int(line)
        if said == 200:
            os.kill(child.pid, signal.SIGKILL)
            break
    rest = child.stdout.read().split("\n")
    child.wait()
    said = max([said, *(int(x) for x in rest[:-1] if x)])
    problems, _, count = verify_chain(tmp_path)
    assert count >= said
    assert [p for p in problems if "cut off" not in p.message] == []


def test_a_folder_without_ledger_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"ledger\.jsonl"):
        list(read(tmp_path))


@pytest.mark.parametrize(
    ("extension", "stored"),
    [
        ("png", "png"),
        (".PNG", "png"),
        ("", "bin"),
        ("../../etc/passwd", "bin"),
        ("x" * 300, "bin"),
        ("png\u202egnp", "bin"),
        ("p\x00ng", "bin"),
        ("<script>", "bin"),
    ],
)
def test_an_extension_of_a_platforms_choice_leads_nowhere(tmp_path: Path, extension: str, stored: str) -> None:
    name = EvidenceStore(tmp_path / "evidence").put(b"x", extension)
    assert name == f"{sha256(b'x')}.{stored}"
    assert [p.name for p in (tmp_path / "evidence").iterdir()] == [name]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["evidence"]
