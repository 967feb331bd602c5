"""The certificates of a walk: as they were handed out, as the register shows them, and what nobody could read. Pure."""

from __future__ import annotations

from harness.judge import Case, inconclusive, review
from harness.model.finding import Finding, Text
from harness.model.outcome import Reason
from harness.view import SegmentView, WalkView
from probes.crosscheck import finished
from probes.f06_hours_certificate.alike import alike
from probes.tables import Read, action, answers, evidence_of, file, reading, refs_of

FIELDS = {
    "name": ("姓名", "name"),
    "id_number": ("证件号码", "identity number"),
    "hours": ("学时", "hours"),
    "period": ("培训时间", "period"),
    "course": ("主要课程", "course"),
    "seal": ("印章", "seal"),
}
"""What a certificate shows (F06-2), by the names of docs/profile.md."""

UNREAD = Text(
    zh="取得了证明文件，但未读出其中的学时", en="a certificate was handed out as a file, and its hours were not read"
)


def certificate(segment: SegmentView) -> list[Read]:
    """The certificate as it was handed out, each time, and as the register shows it; papers first."""
    register = reading(segment, "certificate")
    return [*handed_out(segment), *([register] if register is not None and register.rows else [])]


def handed_out(segment: SegmentView) -> list[Read]:
    """The papers that were handed out and read."""
    return [read for read in answers(segment, "request_certificate") if read.rows]


def certified(walk: WalkView, case: Case) -> tuple[SegmentView, list[Read]] | Finding:
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    papers = certificate(issued)
    if papers:
        return issued, papers
    asked = action(issued, "request_certificate")
    return inconclusive(
        case,
        Reason.PRECONDITION_UNMET,
        f"课程学完后未取得学时证明：{asked.error if asked else ''}",
        f"no certificate came after the course was finished: {asked.error if asked else ''}",
        refs=refs_of(issued),
        evidence=evidence_of(issued),
        settled=True,
    )


def same_person(read: Read, papers: list[Read]) -> bool | None:
    """Does what a check brought name the person of these certificates; None where one of them names nobody."""
    own = next((name for paper in papers if (name := paper.text("name"))), "")
    found = read.text("name")
    return alike(own, found) if own and found else None


def unread_paper(segment: SegmentView) -> bool:
    """Was a certificate handed out of which nobody has read the hours? A list may say something else than the paper."""
    return file(segment, "certificate") is not None and not any(paper.text("hours") for paper in handed_out(segment))


def to_look_at(case: Case, segment: SegmentView, said: Text) -> Finding:
    """The paper is kept as evidence; somebody must read it."""
    return review(
        case,
        f"{said.zh}；{UNREAD.zh}，请评定人员查看所存文件",
        f"{said.en}; {UNREAD.en}: an assessor must look at the file that was kept",
        refs=refs_of(segment),
        evidence=evidence_of(segment),
    )
