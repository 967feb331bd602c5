"""F06-1: the certificate equals the record, also after the study was voided. X-01, X-09: against the record and against
our own ledger."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.model.words import series
from harness.view import WalkView
from probes.crosscheck import SAME_HOURS, covered, cut_short, pair, too_early, unread, unsupported, was_voided
from probes.f06_hours_certificate.alike import alike, numeral
from probes.f06_hours_certificate.judge_early import judge_not_beyond
from probes.f06_hours_certificate.judge_paper import judge_check, judge_fields
from probes.f06_hours_certificate.papers import FIELDS, certified, to_look_at, unread_paper
from probes.tables import action, answer, evidence_of, reading, refs_of

__all__ = ["judge_certificate", "judge_check", "judge_fields", "judge_not_beyond"]

judge_record_certificate = pair("record", "certificate")
judge_certificate_covered = covered("certificate")

NAMES = {**FIELDS, "course": ("课程", "course")}


def judge_certificate(walk: WalkView, case: Case) -> Finding:
    """Person, course and hours equal the record; and after the study was voided no certificate goes on to say them."""
    found = certified(walk, case)
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
    wrong: list[Text] = []
    compared: set[str] = set()
    for paper in papers:
        for column in ("name", "id_number", "course"):
            on_record, on_paper = record.text(column), paper.text(column)
            if column == "id_number":
                on_record, on_paper = numeral(on_record), numeral(on_paper)
            same = alike(on_record, on_paper) if on_record and on_paper else None
            if same is False:
                wrong.append(_differs(column, on_paper, on_record))
            if same is not None:
                compared.add(column)
        hours = paper.text("hours")
        if hours and abs(float(hours) - stated) > SAME_HOURS:
            wrong.append(_differs("hours", hours, f"{stated:g}"))
    wrong = list(dict.fromkeys(wrong))
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
    if not wrong and not compared & {"name", "id_number"}:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "记录与证明没有可以相互核对的姓名或证件号码",
            "record and certificate show no name or identity number that could be compared",
            refs=refs_of(issued),
            settled=True,
        )
    if not wrong and unread_paper(issued):
        return to_look_at(case, issued, Text(zh="列表与记录一致", en="the list agrees with the record"))
    parts = [papers[0].text("name"), papers[0].text("course")]
    hours = papers[0].text("hours") or "–"
    said = Text(zh="，".join([*parts, f"{hours} 学时"]), en=", ".join([*parts, f"{hours} h"]))
    differing = series(wrong)
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"学时证明与记录不一致：{differing.zh}" if wrong else f"学时证明与记录一致：{said.zh}",
            en=f"the certificate differs from the record: {differing.en}" if wrong else f"they agree: {said.en}",
        ),
        refs=refs_of(issued, walk.segments.get("voided")),
        evidence=evidence_of(issued),
        accepted=(
            Text(
                zh=f"学完后取得学时证明：{said.zh}",
                en=f"certificate issued after the course was finished: {said.en}",
            ),
        ),
        refused=(*refused, *too_early(walk)),
        unearned=bool(after),
    )


def _differs(column: str, on_paper: str, on_record: str) -> Text:
    zh, en = NAMES[column]
    return Text(
        zh=f"{zh}：证明载“{on_paper}”，记录为“{on_record}”",
        en=f"{en}: '{on_paper}' on the certificate, '{on_record}' in the record",
    )


def _after_voiding(walk: WalkView, case: Case) -> tuple[list[Text] | None, tuple[Text, ...], Finding | None]:
    """What is wrong with certificates after the study was voided, what was refused, and why it could not be told."""
    voided = walk.segments.get("voided")
    if voided is None:
        return None, (), cut_short(walk, case)
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
    wrong: list[Text] = []
    refused: list[Text] = []
    register, public = reading(voided, "certificate"), answer(voided, "verify_certificate")
    looked = [read for read in (register, public) if read is not None]
    if looked and all(read.table is None for read in looked):
        return (
            None,
            (),
            inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"作废后证明的状态未能查看：{looked[0].error}",
                f"what has become of the certificate after voiding could not be seen: {looked[0].error}",
                refs=refs_of(voided),
            ),
        )
    for zh, en, read in (("平台证明查询", "register", register), ("公开核验", "verification", public)):
        if read is None or not read.rows:
            continue
        valid, hours = read.yes("valid"), read.text("hours")
        if valid is not False and hours and float(hours) > left + SAME_HOURS:
            wrong.append(
                Text(
                    zh=f"作废后{zh}仍载 {hours} 学时，记录为 {left:g} 学时",
                    en=f"after voiding the {en} still says {hours} h, the record {left:g} h",
                )
            )
        elif valid is False:
            refused.append(Text(zh=f"作废后{zh}显示证明无效", en=f"after voiding the {en} calls it invalid"))
    return wrong, tuple(refused), None
