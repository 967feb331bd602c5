"""F06-1: the certificate equals the record. F06-2, F06-2a: its fields, and whether it can be checked. F06-3: none
beyond the record. X-01, X-09: against the record and against our own ledger."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import SegmentView, WalkView
from probes.bracket import honest, unmet
from probes.crosscheck import (
    SAME_HOURS,
    covered,
    finished,
    pair,
    places,
    too_early,
    unread,
    unsupported,
    was_voided,
)
from probes.tables import Read, action, answer, evidence_of, file, reading, refs_of, says

judge_record_certificate = pair("record", "certificate")
judge_certificate_covered = covered("certificate")

FIELDS = {
    "name": ("姓名", "name"),
    "id_number": ("证件号码", "identity number"),
    "hours": ("学时", "hours"),
    "period": ("培训时间", "period"),
    "course": ("主要课程", "course"),
    "seal": ("印章", "seal"),
}
"""What a certificate shows (F06-2), by the names of docs/profile.md."""


def certificate(segment: SegmentView) -> list[Read]:
    """The certificate as it was handed out, and as the register shows it; the paper first."""
    found = [answer(segment, "request_certificate"), reading(segment, "certificate")]
    return [read for read in found if read is not None and read.rows]


def _issued(walk: WalkView, case: Case) -> tuple[SegmentView, list[Read]] | Finding:
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


def judge_certificate(walk: WalkView, case: Case) -> Finding:
    """Person, course and hours equal the record; and after the study was voided no certificate goes on to say them."""
    found = _issued(walk, case)
    if isinstance(found, Finding):
        return found
    issued, papers = found
    record = reading(issued, "course_record")
    missing = unread(case, record, "course_record")
    if record is None or missing is not None:
        return missing or unsupported(case, "course_record")
    stated = record.number("hours")
    if not stated:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "课程学完后记录中没有学时",
            "the record shows no hours of a finished course",
            refs=refs_of(issued),
        )
    wrong: list[str] = []
    for paper in papers:
        for column in ("name", "course"):
            on_record, on_paper = record.text(column), paper.text(column)
            if on_record and on_paper and _plain(on_record) != _plain(on_paper):
                wrong.append(f"{column}: {on_paper} / {on_record}")
        hours = paper.text("hours")
        if hours and abs(float(hours) - stated) > SAME_HOURS:
            wrong.append(f"hours: {hours} / {stated:g}")
    if not any(paper.text("hours") for paper in papers):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "证明上读不到学时",
            "no hours were read on the certificate",
            settled=True,
        )
    after, refused, open_end = _after_voiding(walk, case)
    if not wrong and after is None and open_end is not None:
        return open_end
    wrong += after or []
    said = f"{papers[0].text('name')}, {papers[0].text('course')}, {papers[0].text('hours')} h"
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"学时证明与记录不一致：{'；'.join(wrong)}" if wrong else f"学时证明与记录一致：{said}",
            en=f"the certificate differs from the record: {'; '.join(wrong)}" if wrong else f"they agree: {said}",
        ),
        refs=refs_of(issued, walk.segments.get("voided")),
        evidence=evidence_of(issued),
        accepted=(f"certificate issued after the course was finished: {said}",),
        refused=(*refused, *too_early(walk)),
        unearned=bool(after),
    )


def _after_voiding(walk: WalkView, case: Case) -> tuple[list[str] | None, tuple[str, ...], Finding | None]:
    """What is wrong with certificates after the study was voided, what was refused, and why it could not be told."""
    voided = walk.segments.get("voided")
    if voided is None:
        return None, (), None
    record = reading(voided, "course_record")
    if not was_voided(voided) or record is None or record.table is None:
        done = action(voided, "void_record")
        error = done.error if done else ""
        return (
            None,
            (),
            inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"作废学习记录后的情形未能检测：{error}",
                f"what becomes of a certificate after the study is voided could not be tried: {error}",
                refs=refs_of(voided),
            ),
        )
    left = record.number("hours") or 0.0
    before = reading(walk.segments.get("issued"), "course_record")
    if before is not None and left >= (before.number("hours") or 0.0):
        return (
            None,
            (),
            inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "作废后记录中的学时没有减少",
                "the record's hours did not go down when the study was voided",
                refs=refs_of(voided),
            ),
        )
    wrong, refused = [], []
    register, public = reading(voided, "certificate"), answer(voided, "verify_certificate")
    for name, read in (("register", register), ("verification", public)):
        if read is None or not read.rows:
            continue
        valid, hours = read.yes("valid"), read.text("hours")
        if valid is not False and hours and float(hours) > left + SAME_HOURS:
            wrong.append(f"after voiding the {name} still says {hours} h, the record {left:g} h")
        elif valid is False:
            refused.append(f"after voiding the {name} calls it invalid")
    return wrong, tuple(refused), None


def _plain(text: str) -> str:
    return "".join(text.split())


def judge_fields(walk: WalkView, case: Case) -> Finding:
    """Name, identity number, hours, period, course and seal stand on the certificate."""
    found = _issued(walk, case)
    if isinstance(found, Finding):
        return found
    issued, papers = found
    handed_out = answer(issued, "request_certificate")
    papers = [handed_out] if handed_out is not None and handed_out.rows else papers
    there = [name for name in FIELDS if any(says(paper.text(name)) for paper in papers)]
    lacking = [name for name in FIELDS if name not in there]
    paper = file(issued, "certificate")
    if paper is None:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "没有取得证明文件",
            "the certificate itself was not handed out as a file",
            refs=refs_of(issued),
            settled=True,
        )
    zh, en = "、".join(FIELDS[n][0] for n in lacking), ", ".join(FIELDS[n][1] for n in lacking)
    return Finding(
        outcome=Outcome.FAIL if lacking else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"证明缺少：{zh}" if lacking else f"要素齐全：{'、'.join(FIELDS[n][0] for n in there)}",
            en=f"the certificate lacks: {en}" if lacking else f"it has {', '.join(FIELDS[n][1] for n in there)}",
        ),
        refs=refs_of(issued),
        evidence=evidence_of(issued),
        accepted=(f"{paper.format} of {paper.size} bytes with {len(there)} of {len(FIELDS)} fields",),
        refused=too_early(walk),
    )


def judge_check(walk: WalkView, case: Case) -> Finding:
    """A unique number and a way to check it: the genuine passes, an altered number or paper doesn't."""
    found = _issued(walk, case)
    if isinstance(found, Finding):
        return found
    issued, papers = found
    wrong, accepted, refused = [], [], []
    tried = [name for name in ("genuine_number", "genuine_paper") if name in walk.segments]
    if not tried:
        return unsupported(case, "verify_certificate, verify_certificate_file")
    for name, by, alterable in (
        ("number", "verify_certificate", ("number", "code")),
        ("paper", "verify_certificate_file", ("paper",)),
    ):
        genuine = answer(walk.segments.get(f"genuine_{name}"), by)
        if genuine is None:
            continue
        if genuine.yes("valid") is not True:
            wrong.append(f"the genuine {name} is not confirmed: {genuine.error or 'not called valid'}")
            continue
        accepted.append(f"genuine {name} confirmed")
        for what in alterable:
            altered = answer(walk.segments.get(f"altered_{what}"), by)
            if altered is not None and altered.yes("valid") is True:
                wrong.append(f"an altered {what} is confirmed")
            elif altered is not None:
                refused.append(f"altered {what} not confirmed")
    if not any(paper.text("number") for paper in papers):
        wrong.append("it carries no number")
    segments = [
        walk.segments.get(f"{kind}_{name}") for kind in ("genuine", "altered") for name in ("number", "code", "paper")
    ]
    if not wrong and not refused:
        return inconclusive(
            case, Reason.INSUFFICIENT_EVIDENCE, "未能试验改动后的证明", "no altered certificate could be tried"
        )
    return unless_wrong(
        case,
        wrong,
        "核验不可靠",
        listed("核验有效", (*accepted, *refused)),
        refs=refs_of(issued, *segments),
        accepted=tuple(accepted),
        refused=tuple(refused),
    )


def judge_not_beyond(walk: WalkView, case: Case) -> Finding:
    """Asked for too early: none, or one that says no more than the record; after the course no more either."""
    early = walk.segments.get("early")
    if early is None:
        issued = finished(walk, case)
        return issued if isinstance(issued, Finding) else unsupported(case, "request_certificate")
    if walk.name == "F06.early":
        open_end = unmet(walk, case)
        if open_end is not None:
            return open_end
    record, register = reading(early, "course_record"), reading(early, "certificate")
    for read, name in ((record, "course_record"), (register, "certificate")):
        missing = unread(case, read, name)
        if missing is not None:
            return missing
    assert record is not None
    beyond = _beyond(early, record)
    accepted: list[str] = [*honest(walk, case)]
    if walk.name != "F06.early":
        found = _issued(walk, case)
        if isinstance(found, Finding):
            return found if not beyond else _refusal(case, early, beyond, tuple(accepted))
        issued, _ = found
        later = reading(issued, "course_record")
        if later is not None and later.table is not None:
            beyond += _beyond(issued, later)
        papers = places(issued, case, "certificate")
        accepted += [str(s) for s in papers] if not isinstance(papers, Finding) else []
    if beyond:
        return _refusal(case, early, beyond, tuple(accepted))
    asked = [a for n in ("request_certificate", "request_certificate_directly") if (a := action(early, n)) is not None]
    refused = tuple(f"{a.name} before the course was finished: {'part hours' if a.ok else 'refused'}" for a in asked)
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"未学完时申请 {len(asked)} 次，未取得超出记录的证明",
            en=f"asked {len(asked)} times before the course was finished, and nothing beyond the record came",
        ),
        refs=refs_of(early),
        evidence=evidence_of(early),
        accepted=tuple(accepted),
        refused=refused,
    )


def _beyond(segment: SegmentView, record: Read) -> list[str]:
    """Certificates of a stretch that state more hours than its record, or a completion that isn't one."""
    said = []
    hours, completed = record.number("hours") or 0.0, record.yes("completed")
    whole = reading(segment, "completion")
    theory = whole.yes("complete") if whole is not None else None
    for paper in certificate(segment):
        stated = paper.text("hours")
        if paper.yes("valid") is False:
            continue
        if stated and float(stated) > hours + SAME_HOURS:
            said.append(f"{float(stated):g} h certified, {hours:g} h recorded")
        elif paper.yes("completed") is True and completed is False:
            said.append("certified as completed, recorded as not completed")
        elif paper.yes("theory_complete") is True and theory is False:
            said.append("the whole theory is certified as complete, recorded as not complete")
    return list(dict.fromkeys(said))


def _refusal(case: Case, segment: SegmentView, beyond: list[str], accepted: tuple[str, ...]) -> Finding:
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(zh=f"出具了超出记录的证明：{'；'.join(beyond)}", en=f"beyond the record: {'; '.join(beyond)}"),
        refs=refs_of(segment),
        evidence=evidence_of(segment),
        accepted=(*accepted, *beyond),
        unearned=True,
    )
