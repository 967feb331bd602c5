"""What a file holds, for judges who never see the file."""

from __future__ import annotations

import io
import zipfile

import pytest

from harness.model.values import MOST_TEXT
from harness.platform.contents import contents
from tests.attacks.test_papers import paper

JPEG = b"\xff\xd8\xff\xe0picture"


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_an_archive_is_listed_with_what_its_tables_and_papers_say() -> None:
    files = {
        "学习记录.csv": "课时,证件号码\n第一讲,110101199003070011\n".encode(),
        "照片/a.jpg": JPEG,
        "证明.pdf": paper("No 7"),
    }
    seen = contents("archive", packed(files))
    assert seen.format == "zip"
    assert [(m.name, m.kind) for m in seen.members] == [
        ("学习记录.csv", "table"),
        ("照片/a.jpg", "picture"),
        ("证明.pdf", "pdf"),
    ]
    assert "第一讲\t110101********0011" in seen.members[0].text
    assert "No 7" in seen.members[2].text
    assert len({m.sha256 for m in seen.members}) == 3


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (paper("x"), "", "pdf"),
        (JPEG, "a.bin", "picture"),
        (b"PK\x03\x04rest", "a.xlsx", "table"),
        (b"PK\x03\x04rest", "a.zip", "zip"),
        (b"0a1b", "manifest.sha256", "text"),
        (b"\x00\x01", "a.dat", "other"),
    ],
)
def test_what_a_file_is(data: bytes, filename: str, kind: str) -> None:
    assert contents("x", data, filename).format == kind


def test_a_damaged_file_is_nobodys_error() -> None:
    assert contents("x", b"%PDF-1.4 and no more").text == ""
    assert contents("x", b"PK\x03\x04 and no more").members == ()


def test_a_long_text_is_cut_off() -> None:
    assert len(contents("x", b"a" * (MOST_TEXT + 1), "a.txt").text) == MOST_TEXT
