"""A run as one ZIP: whole, or masked and still checkable against what was signed."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy
import pytest

from harness import conclude
from harness.bundle import bundle, redact_run
from harness.errors import LedgerError
from harness.ledger import Ledger, read, sha256
from harness.model.observation import TableRead
from harness.model.outcome import Decision, Outcome
from harness.model.values import Table
from harness.redaction import masked_file, masked_line, masked_name, masked_text, mosaic
from harness.verify import verify_run
from reports import attestation, json_run
from reports.keys import SigningKey, new_key
from tests import storedrun

FACE = numpy.zeros((480, 640, 3), numpy.uint8)
cv2.circle(FACE, (320, 240), 120, (200, 190, 180), -1)
cv2.circle(FACE, (280, 220), 12, (20, 20, 20), -1)
cv2.circle(FACE, (360, 220), 12, (20, 20, 20), -1)
PORTRAIT = cv2.imencode(".png", FACE)[1].tobytes()
CSV = "姓名,身份证号,学时\n张三丰,110101199003074514,2\n".encode("gb18030")


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key("示例检测中心")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> Iterator[Path]:
    """A signed run that saw a portrait, a table with a name, and a PDF."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conclude, "printer", storedrun.print_plainly)
        patched.setattr(storedrun, "_before_the_end", personal)
        yield storedrun.issue(tmp_path_factory.mktemp("original") / "run", key)


def personal(ledger: Ledger) -> None:
    table = Table(columns=("姓名", "电话"), rows=({"姓名": "张三丰", "电话": "13812345678"},))
    files = [ledger.evidence.put(PORTRAIT, "png"), ledger.evidence.put(CSV, "csv"), ledger.evidence.put(b"%PDF", "pdf")]
    ledger.append(TableRead(reading="learners", table=table), evidence=files)


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "run")


@pytest.fixture
def masked(run: Path, tmp_path: Path) -> Path:
    redact_run(run, tmp_path / "masked")
    return tmp_path / "masked"


def test_the_zip_is_the_run_and_always_the_same(run: Path, tmp_path: Path, key: SigningKey) -> None:
    one, two = bundle(run, tmp_path / "a.zip"), bundle(run, tmp_path / "b.zip")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as packed:
        packed.extractall(tmp_path / "out")
    assert verify_run(tmp_path / "out" / "run", [key.certificate]).intact
    with pytest.raises(LedgerError, match="already"):
        bundle(run, one)


def test_a_changed_run_is_not_packed(run: Path, tmp_path: Path) -> None:
    (run / "junit.xml").write_text("<x/>")
    with pytest.raises(LedgerError, match="not intact"):
        bundle(run, tmp_path / "a.zip")
    assert not list(tmp_path.glob("*.zip"))


def test_a_masked_copy_holds_no_face_no_name_and_no_number(masked: Path) -> None:
    everything = b"".join(p.read_bytes() for p in masked.rglob("*") if p.is_file())
    for secret in ("张三丰", "110101199003074514", "13812345678"):
        assert secret.encode() not in everything
        assert secret.encode("gb18030") not in everything
    assert PORTRAIT not in everything
    assert b"\xe5\xbc\xa0\xef\xbc\x8a" in everything  # 张＊
    assert not (masked / "report.pdf").exists()


def test_a_masked_copy_is_still_checked(masked: Path, key: SigningKey) -> None:
    report = verify_run(masked, [key.certificate])
    assert report.problems == []
    assert report.signer.startswith("示例检测中心")
    assert any("masked copy" in note for note in report.notes)
    assert verify_run(masked, [new_key("B").certificate]).problems


def test_a_masked_copy_can_be_read_like_a_run(masked: Path) -> None:
    assert any(o.kind == "table" for o in read(masked))


@pytest.mark.parametrize(
    "name", ["run.json", "junit.xml", "pytest.html", "report.html", "questions.yaml", "ledger.jsonl", "redaction.json"]
)
def test_one_changed_byte_of_a_masked_copy_is_named(masked: Path, name: str) -> None:
    path = masked / name
    raw = bytearray(path.read_bytes())
    place = raw.index(b"2026") if name == "ledger.jsonl" else len(raw) // 2
    raw[place] ^= 1
    path.write_bytes(raw)
    named = {p.where.split(":")[0] for p in verify_run(masked).problems}
    assert named
    assert name in named or name == "redaction.json"


def test_an_evidence_file_changed_removed_or_added_is_named(masked: Path) -> None:
    listing = json.loads((masked / "redaction.json").read_bytes())
    (kept,) = (f["name"] for f in listing["files"] if f["name"].endswith(".png") and f["masked_sha256"])
    (masked / kept).write_bytes(b"another face")
    assert kept in {p.where for p in verify_run(masked).problems}
    (masked / kept).unlink()
    assert kept in {p.where for p in verify_run(masked).problems}
    (masked / "note.html").write_text("<p>通过</p>")
    assert "note.html" in {p.where for p in verify_run(masked).problems}


def test_what_was_not_masked_cannot_be_called_masked(masked: Path) -> None:
    """Who exchanges a file must say that it was masked; who says so must know the digest that was signed."""
    listing = json.loads((masked / "redaction.json").read_bytes())
    (masked / "junit.xml").write_bytes(b"<x/>")
    listing["files"].append({"name": "junit.xml", "sha256": "0" * 64, "masked_sha256": "1" * 64})
    (masked / "redaction.json").write_text(json.dumps(listing))
    assert any("another digest" in p.message for p in verify_run(masked).problems)


def exchanged(masked: Path, name: str, data: bytes) -> None:
    """Another file in place of one, called masked by somebody who reads the signed digest in the statement."""
    statement = attestation.read(masked).statement
    assert statement is not None
    signed = next(s.digest["sha256"] for s in statement.subject if s.name == name)
    listing = json.loads((masked / "redaction.json").read_bytes())
    listing["files"] = [f for f in listing["files"] if f["name"] != name]
    listing["files"].append({"name": name, "sha256": signed, "masked_sha256": sha256(data)})
    (masked / "redaction.json").write_text(json.dumps(listing))
    (masked / name).write_bytes(data)


def test_a_conclusion_is_not_masked_into_another(masked: Path) -> None:
    said = json_run.read(masked)
    better = said.model_copy(update={"decision": Decision.CONFORMANT, "would_be": Decision.CONFORMANT})
    exchanged(masked, "run.json", json_run.render(better).encode())
    assert any("decision" in p.message for p in verify_run(masked).problems)


@pytest.mark.parametrize("also", [False, True])
def test_a_masked_page_says_what_its_result_says(masked: Path, also: bool) -> None:
    page = (masked / "report.html").read_text(encoding="utf-8")
    exchanged(masked, "report.html", page.replace("未完成", "通过").encode())
    if also:  # the verdicts too, but not the conclusion that was signed
        said = json_run.read(masked)
        passed = [v.model_copy(update={"outcome": Outcome.PASS, "reason": None}) for v in said.requirements]
        exchanged(masked, "run.json", json_run.render(said.model_copy(update={"requirements": tuple(passed)})).encode())
    named = {p.where for p in verify_run(masked).problems}
    assert named >= ({"report.html", "run.json"} if also else {"report.html"})


def test_a_mosaic_tells_nobody_apart() -> None:
    done = mosaic(PORTRAIT)
    assert done is not None
    picture = cv2.imdecode(numpy.frombuffer(done, numpy.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == FACE.shape
    small = cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA)
    assert abs(int(small[55, 70].mean()) - int(small[55, 74].mean())) < 40  # the eye is gone in its square


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("姓名：张三丰 学时2", "姓名：张＊＊ 学时2"),
        ("姓 名 张三丰", "姓 名 张＊＊"),
        ("登记真实姓名和有效身份证件号码", "登记真实姓名和有效身份证件号码"),
        ("<th>姓名</th> <td>欧阳修</td>", "<th>姓名</th> <td>欧＊＊</td>"),
        ("110101199003074514", "110101********4514"),
        ("11010119900307451X,", "110101********451X,"),
        ("a110101199003074514b", "a110101199003074514b"),
        ("13812345678", "138****5678"),
        ("学时 20261124", "学时 20261124"),
    ],
)
def test_numbers_and_names_in_a_text(text: str, shown: str) -> None:
    assert masked_text(text) == shown


def test_columns_of_names_in_a_table_file() -> None:
    done = masked_file("x.csv", CSV)
    assert done is not None
    assert done.decode() == "姓名,身份证号,学时\n张＊＊,110101********4514,2\n"
    assert masked_file("x.pdf", b"%PDF") is None
    assert masked_file("x.png", b"no picture") is None
    assert masked_name("") == ""


def test_learners_are_masked_and_those_who_answer_for_the_report_are_not() -> None:
    learner = masked_line({"kind": "table", "data": {"rows": [{"姓名": "张三丰", "name": "Zhang Sanfeng"}]}})
    assert learner["data"]["rows"] == [{"姓名": "张＊＊", "name": "Z" + "＊" * 12}]
    subject = {"kind": "run_started", "data": {"profile": {"subject": {"name": "安培在线"}}}}
    assert masked_line(subject) == subject
    action = {"kind": "action", "data": {"name": "log_in", "args": {"lesson": "第一讲"}}}
    assert masked_line(action) == action
