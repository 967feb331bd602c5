"""F06-1: the certificate equals the record. F06-2, F06-2a: its fields, and whether it can be checked. F06-3: none
beyond the record. X-01, X-09: against the record and against our own ledger."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, listed, unless_wrong
from harness.model.finding import Finding, Text, Told
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted, series
from harness.view import SegmentView, WalkView
from probes.bracket import honest, unmet
from probes.crosscheck import (
    PIECE_S,
    SAME_HOURS,
    coarse_s,
    covered,
    cut_short,
    finished,
    pair,
    places,
    too_early,
    unread,
    unsupported,
    was_voided,
)
from probes.f06_hours_certificate.alike import alike, numeral
from probes.tables import Read, action, answer, answers, evidence_of, file, reading, refs_of, says

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
NAMES = {**FIELDS, "course": ("课程", "course")}
CHECKED = {
    "number": ("证明编号", "number"),
    "code": ("校验码", "code"),
    "paper": ("证明文件", "paper"),
}
"""What of a certificate can be checked (F06-2a)."""
ASKED = {
    "request_certificate": ("通过页面申请", "asked for by the page"),
    "request_certificate_directly": ("直接访问证明地址", "asked for by its address"),
}


def certificate(segment: SegmentView) -> list[Read]:
    """The certificate as it was handed out, each time, and as the register shows it; papers first."""
    register = reading(segment, "certificate")
    return [*handed_out(segment), *([register] if register is not None and register.rows else [])]


def handed_out(segment: SegmentView) -> list[Read]:
    """The papers that were handed out and read."""
    return [read for read in answers(segment, "request_certificate") if read.rows]


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
    if not wrong and _unread(issued):
        return _to_look_at(case, issued, Text(zh="列表与记录一致", en="the list agrees with the record"))
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


UNREAD = Text(
    zh="取得了证明文件，但未读出其中的学时", en="a certificate was handed out as a file, and its hours were not read"
)


def _unread(segment: SegmentView) -> bool:
    """Was a certificate handed out of which nobody has read the hours? A list may say something else than the paper."""
    return file(segment, "certificate") is not None and not any(paper.text("hours") for paper in handed_out(segment))


def _to_look_at(case: Case, segment: SegmentView, said: Text) -> Finding:
    """The paper is kept as evidence; somebody must read it."""
    return Finding(
        outcome=Outcome.REVIEW,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"{said.zh}；{UNREAD.zh}，请评定人员查看所存文件",
            en=f"{said.en}; {UNREAD.en}: an assessor must look at the file that was kept",
        ),
        refs=refs_of(segment),
        evidence=evidence_of(segment),
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


def judge_fields(walk: WalkView, case: Case) -> Finding:
    """Name, identity number, hours, period, course and seal stand on the certificate."""
    found = _issued(walk, case)
    if isinstance(found, Finding):
        return found
    issued, _ = found
    papers = handed_out(issued)
    there = [name for name in FIELDS if any(says(paper.text(name)) for paper in papers)]
    lacking = [name for name in FIELDS if name not in there and any(paper.asks_for(name) for paper in papers)]
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
    if not papers:
        return _to_look_at(case, issued, Text(zh="要素须在证明文件上核对", en="its fields stand on the paper"))
    if not lacking and len(there) < len(FIELDS):
        return unsupported(case, ", ".join(f"request_certificate.{name}" for name in FIELDS if name not in there))
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
        accepted=(
            Text(
                zh=f"{paper.format} 文件（{paper.size} 字节），{len(FIELDS)} 项要素中有 {len(there)} 项",
                en=f"{paper.format} of {paper.size} bytes with {len(there)} of {len(FIELDS)} fields",
            ),
        ),
        refused=too_early(walk),
    )


def judge_check(walk: WalkView, case: Case) -> Finding:
    """A unique number and a way to check it: the genuine passes, an altered number or paper doesn't."""
    found = _issued(walk, case)
    if isinstance(found, Finding):
        return found
    issued, papers = found
    wrong: list[Text] = []
    accepted: list[Text] = []
    refused: list[Text] = []
    unseen: list[Text] = []
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
        zh, en = CHECKED[name]
        if genuine.table is None:
            unseen.append(Text(zh=f"{zh}：{genuine.error}", en=f"{en}: {genuine.error}"))
            continue
        if genuine.yes("valid") is not True:
            wrong.append(
                Text(
                    zh=f"真实的{zh}未通过核验：未显示有效",
                    en=f"the genuine {en} is not confirmed: not called valid",
                )
            )
            continue
        accepted.append(Text(zh=f"真实的{zh}通过核验", en=f"genuine {en} confirmed"))
        for what in alterable:
            altered = answer(walk.segments.get(f"altered_{what}"), by)
            zh, en = CHECKED[what]
            if altered is not None and altered.yes("valid") is True:
                if what == "number" and _of_another(altered, papers):
                    continue  # numbers are given out one after another: that one is somebody's
                wrong.append(Text(zh=f"改动后的{zh}通过了核验", en=f"an altered {en} is confirmed"))
            elif altered is not None:
                refused.append(Text(zh=f"改动后的{zh}未通过核验", en=f"altered {en} not confirmed"))
    if not any(paper.text("number") for paper in papers):
        wrong.append(Text(zh="证明上没有编号", en="it carries no number"))
    segments = [
        walk.segments.get(f"{kind}_{name}") for kind in ("genuine", "altered") for name in ("number", "code", "paper")
    ]
    if not wrong and unseen:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"核验未能进行：{series(unseen).zh}",
            f"the check could not be made: {series(unseen).en}",
            refs=refs_of(issued, *segments),
        )
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


def _of_another(altered: Read, papers: list[Read]) -> bool:
    """Is it another person's certificate that an altered number leads to?"""
    own = next((name for paper in papers if (name := paper.text("name"))), "")
    found = altered.text("name")
    return bool(own and found) and alike(own, found) is False


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
    beyond, untold = _beyond(early, record, case.hour_s)
    accepted: list[Told] = [*honest(walk, case)]
    if walk.name != "F06.early":
        found = _issued(walk, case)
        if isinstance(found, Finding):
            return found if not beyond else _refusal(case, early, beyond, tuple(accepted))
        issued, _ = found
        later = reading(issued, "course_record")
        missing = unread(case, later, "course_record")
        if later is None or missing is not None:
            open_end = missing or unsupported(case, "course_record")
            return _refusal(case, early, beyond, tuple(accepted)) if beyond else open_end
        more, unclear = _beyond(issued, later, case.hour_s)
        beyond, untold = [*beyond, *more], [*untold, *unclear]
        papers = places(issued, case, "certificate")
        accepted += [s.told for s in papers] if not isinstance(papers, Finding) else []
    if beyond:
        return _refusal(case, early, beyond, tuple(accepted))
    if untold and set(untold) == {UNREAD}:
        unread_in = early if _unread(early) else walk.segments["issued"]
        return _to_look_at(
            case, unread_in, Text(zh="所列学时不超出记录", en="what the list shows is not beyond the record")
        )
    if untold:
        said = series(dict.fromkeys(untold))
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"不能确认证明未超出记录：{said.zh}",
            f"whether it says more than the record is not known: {said.en}",
            refs=refs_of(early, walk.segments.get("issued")),
            evidence=evidence_of(early),
            settled=True,
        )
    asked = [a for n in ASKED if (a := action(early, n)) is not None]
    refused = tuple(_early(a.name, a.ok) for a in asked)
    return Finding(
        outcome=Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"未学完时申请 {len(asked)} 次，未取得超出记录的证明",
            en=f"asked {counted(len(asked), 'time')} before the course was finished; nothing beyond the record came",
        ),
        refs=refs_of(early),
        evidence=evidence_of(early),
        accepted=tuple(accepted),
        refused=refused,
    )


def _early(name: str, came: bool) -> Text:
    zh, en = ASKED[name]
    return Text(
        zh=f"未学完即申请证明（{zh}）：{'所得不超出记录' if came else '被拒绝'}",
        en=f"certificate {en} before the course was finished: {'nothing beyond the record' if came else 'refused'}",
    )


def _beyond(segment: SegmentView, record: Read, hour_s: float) -> tuple[list[Text], list[Text]]:
    """Certificates of a stretch that state more hours than its record, or a completion that isn't one; and what of
    them can't be told."""
    said: list[Text] = []
    untold: list[Text] = []
    hours, completed = _recorded(record, hour_s), record.yes("completed")
    whole = reading(segment, "completion")
    theory = whole.yes("complete") if whole is not None else None
    papers = certificate(segment)
    if _unread(segment):
        untold.append(UNREAD)
    for paper in papers:
        stated = paper.text("hours")
        if paper.yes("valid") is False:
            continue
        if stated and hours is None:
            untold.append(
                Text(
                    zh=f"证明载 {float(stated):g} 学时，记录未载学时",
                    en=f"{float(stated):g} h certified, the record shows none",
                )
            )
        elif stated and hours is not None and float(stated) > hours + SAME_HOURS:
            said.append(
                Text(
                    zh=f"证明载 {float(stated):g} 学时，记录为 {hours:.4g} 学时",
                    en=f"{float(stated):g} h certified, {hours:.4g} h recorded",
                )
            )
        if paper.yes("completed") is True and completed is not True:
            zh, en = "证明载明已学完", "certified as completed"
            if completed is False:
                said.append(Text(zh=f"{zh}，记录为未学完", en=f"{en}, recorded as not completed"))
            else:
                untold.append(Text(zh=f"{zh}，记录未载是否学完", en=f"{en}, which the record does not say"))
        if paper.yes("theory_complete") is True and theory is not True:
            zh, en = "证明载明理论学时已完成", "the whole theory is certified as complete"
            if theory is False:
                said.append(Text(zh=f"{zh}，记录为未完成", en=f"{en}, recorded as not complete"))
            else:
                untold.append(Text(zh=f"{zh}，平台未显示是否完成", en=f"{en}, which the platform does not show"))
    return list(dict.fromkeys(said)), untold


def _recorded(record: Read, hour_s: float) -> float | None:
    """The most class hours that a record stands for; None where it shows neither hours nor time."""
    hours, seconds = record.number("hours"), record.number("credited")
    if hours is not None:
        return hours
    if seconds is not None:
        return (seconds + PIECE_S + coarse_s(seconds)) / hour_s
    return 0.0 if record.asks_for("hours") else None


def _refusal(case: Case, segment: SegmentView, beyond: list[Text], accepted: tuple[Told, ...]) -> Finding:
    said = series(beyond)
    return Finding(
        outcome=Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(zh=f"出具了超出记录的证明：{said.zh}", en=f"beyond the record: {said.en}"),
        refs=refs_of(segment),
        evidence=evidence_of(segment),
        accepted=(*accepted, *beyond),
        unearned=True,
    )
