"""F07-1: files are made, opened and exported. F07-2: they outlive the account. F07-11: one per class period. F07-12:
three parts. F07-13, v, a: found and checked, changes leave a trace, a seal. X-02, X-04, X-10."""

from __future__ import annotations

from typing import Any

from harness.judge import Case, expectation, inconclusive, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import FileSeen, RecordsRead, SceneShown
from harness.model.outcome import Outcome, Reason
from harness.model.values import Member
from harness.platform.readings import is_blank
from harness.view import SegmentView, WalkView
from probes.crosscheck import covered, finished, pair, unread, unsupported, was_voided
from probes.tables import Read, action, answer, evidence_of, file, reading, refs_of

judge_record_archive = pair("record", "archive")
judge_certificate_archive = pair("certificate", "archive")
judge_archive_covered = covered("archive")

SEALS = ("manifest", "seal", "sha256", "sha-256", "digest", "signature", ".sig", ".p7s", "校验", "签名", "摘要", "sm3")
"""What a file that proves an export is called."""
NOBODY = frozenset({"系统", "系统自动", "自动", "system"})
"""Actors in a log that name no person."""
ONLY_THE_CERTIFICATE = "found by a search; only the certificate in it can be checked"


def _exported(walk: WalkView, case: Case) -> tuple[SegmentView, FileSeen] | Finding:
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    segment = walk.segments.get("exported")
    done = action(segment, "export_archive")
    if segment is None or done is None:
        return unsupported(case, "export_archive")
    seen = file(segment, "archive")
    reader = reading(issued, "archive_export")
    if seen is None and reader is not None and reader.table is None and _opened(issued):
        # Neither the administrator's button nor the reader's own way brings it: it's the platform, not one description.
        return Finding(
            outcome=Outcome.FAIL if case.requirement.id.endswith("/F07-1") else Outcome.INCONCLUSIVE,
            reason=None if case.requirement.id.endswith("/F07-1") else Reason.PRECONDITION_UNMET,
            expected=expectation(case.requirement),
            observed=Text(
                zh=f"档案可以查看，但两种方式都不能导出：{done.error}；{reader.error}",
                en=f"the file can be looked at, and is exported in neither way: {done.error}; {reader.error}",
            ),
            refs=refs_of(issued, segment),
            evidence=evidence_of(segment),
        )
    if seen is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"档案未能导出：{done.error}",
            f"the file could not be exported: {done.error}",
            refs=refs_of(segment),
            evidence=evidence_of(segment),
            settled=True,
        )
    return segment, seen


def _opened(issued: SegmentView) -> bool:
    shown = reading(issued, "archive_hours")
    return shown is not None and bool(shown.rows)


def judge_file(walk: WalkView, case: Case) -> Finding:
    """The learner has a file, it opens, and it is exported with something in it; nobody else's is shown instead."""
    found = _exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    issued = walk.segments["issued"]
    index, opened = reading(issued, "archives"), reading(issued, "archive_hours")
    for read, name in ((index, "archives"), (opened, "archive_hours")):
        missing = unread(case, read, name)
        if missing is not None:
            return missing
    assert index is not None
    assert opened is not None
    owners = {row["learner"] for row in index.rows if "learner" in row}
    wrong = []
    if not index.rows:
        wrong.append("no file for a learner who studied")
    if len(owners) > 1:
        wrong.append(f"the file of one learner was asked for, those of {len(owners)} came")
    if not opened.rows:
        wrong.append("the file shows no course")
    if not packed.size or (packed.format == "zip" and not packed.members):
        wrong.append("the export is empty")
    said = f"{len(index.rows)} file(s), {packed.format} of {packed.size} bytes with {len(packed.members)} members"
    return unless_wrong(
        case,
        wrong,
        "档案有缺陷",
        Text(zh=f"档案可查看、可导出：{said}", en=f"opened and exported: {said}"),
        refs=refs_of(issued, segment),
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=("other learners' files are not in the answer",),
    )


def judge_parts(walk: WalkView, case: Case) -> Finding:
    """The export holds learning records, captured portraits and the certificate, and they are this learner's."""
    found = _exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    issued = walk.segments["issued"]
    parts = packed.members or (
        Member(name=packed.name, kind=packed.format, size=packed.size, sha256=packed.sha256, text=packed.text),
    )
    rows = [row for fact in walk.facts(RecordsRead) for row in fact.rows or ()]
    lessons = {row.lesson for row in rows if row.lesson}
    records = [m for m in parts if any(lesson in m.text for lesson in lessons)]
    number = next((n for read in _certificates(issued) if (n := read)), "")
    papers = [m for m in parts if number and (number in m.text or number in m.name)]
    index = reading(issued, "archives")
    listed = index.number("portraits") if index is not None else None
    pictures = [m for m in parts if m.kind == "picture"]
    # Whoever studied without a camera can't have been captured.
    declared = case.setting.policy.get("capture_interval_s") is not None and bool(walk.facts(SceneShown))
    if not lessons or not number:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有可供比对的学习记录或学时证明",
            "no study record or no certificate to look for in the file",
            refs=refs_of(issued, segment),
        )
    lacking = [*([] if records else ["学习记录"]), *([] if papers else ["学时证明"])]
    if not pictures and packed.format == "zip" and not (declared or listed) and not lacking:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "本次学习未见人像抓拍，无从核对（见 F09-1）",
            "no portrait is known of this study, so none can be looked for (see F09-1)",
            refs=refs_of(issued, segment),
            settled=True,
        )
    if not pictures:
        lacking.append("人像抓拍图片")
    elif listed is not None and len(pictures) < listed:
        lacking.append(f"人像抓拍图片（列{listed:g}张，导出{len(pictures)}张）")
    english = {"学习记录": "learning records", "学时证明": "the certificate", "人像抓拍图片": "captured portraits"}
    en = ", ".join(next((e for z, e in english.items() if part.startswith(z)), part) for part in lacking)
    said = f"{len(records)} record table(s), {len(pictures)} picture(s), {len(papers)} certificate(s)"
    return Finding(
        outcome=Outcome.FAIL if lacking else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"导出的档案缺少：{'、'.join(lacking)}" if lacking else f"三类材料齐全：{said}",
            en=f"the exported file lacks {en}" if lacking else f"all three parts are there: {said}",
        ),
        refs=refs_of(issued, segment),
        evidence=evidence_of(segment),
        accepted=(said,),
        refused=(f"members that show neither lesson nor number: {len(parts) - len(records) - len(papers)}",),
    )


def _certificates(issued: SegmentView) -> list[str]:
    found = (answer(issued, "request_certificate"), reading(issued, "certificate"))
    return [read.text("number") for read in found if read is not None]


def judge_verifiable(walk: WalkView, case: Case) -> Finding:
    """The file is found by a search, and the stated check works: the genuine passes, an altered one doesn't."""
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    index = reading(issued, "archives")
    missing = unread(case, index, "archives")
    if index is None or missing is not None:
        return missing or unsupported(case, "archives")
    genuine = answer(walk.segments.get("genuine_archive"), "verify_archive")
    altered = answer(walk.segments.get("altered_archive"), "verify_archive")
    by = "archive"
    if genuine is None:  # a certificate that can be checked is a part of the file that can
        by = "certificate"
        genuine = answer(walk.segments.get("genuine_number"), "verify_certificate")
        altered = answer(walk.segments.get("altered_number"), "verify_certificate")
    if genuine is None:
        return unsupported(case, "verify_archive")
    refs = refs_of(issued, *(walk.segments.get(f"{kind}_archive") for kind in ("genuine", "altered")))
    if genuine.table is None or altered is None or altered.table is None:
        error = genuine.error or (altered.error if altered is not None else "")
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"核验未能完成：{error}",
            f"the check could not be made: {error}",
            refs=refs,
            settled=True,
        )
    wrong = []
    if not index.rows:
        wrong.append("a search by the learner finds nothing")
    if genuine.yes("valid") is not True:
        wrong.append("the genuine file is not confirmed")
    if altered.yes("valid") is not False:
        wrong.append("an altered file is confirmed")
    partly = not wrong and by == "certificate"
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.WARN if partly else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"查询或验证无效：{'；'.join(wrong)}"
            if wrong
            else "可查询；仅其中的学时证明可核验"
            if partly
            else "可查询；原件核验通过，改动后核验不通过",
            en="; ".join(wrong)
            or (ONLY_THE_CERTIFICATE if partly else "found, confirmed as it is, refused when altered"),
        ),
        refs=refs,
        accepted=(f"{len(index.rows)} file(s) found", f"genuine {by} confirmed"),
        refused=() if wrong else (f"altered {by} refused",),
    )


def judge_trace(walk: WalkView, case: Case) -> Finding:
    """An administrator's change stands in the audit log with who and when."""
    issued = finished(walk, case)
    if isinstance(issued, Finding):
        return issued
    voided, untouched = walk.segments.get("voided"), walk.segments.get("untouched")
    if voided is None:
        return unsupported(case, "void_record")
    before, after = reading(untouched, "audit_log"), reading(voided, "audit_log")
    if before is None or after is None:
        return unsupported(case, "audit_log")
    for read in (before, after):
        missing = unread(case, read, "audit_log")
        if missing is not None:
            return missing
    if not was_voided(voided):
        done = action(voided, "void_record")
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"作废操作未成功：{done.error if done else ''}",
            f"the study could not be voided: {done.error if done else ''}",
            refs=refs_of(voided),
        )
    known = {tuple(sorted(row.items())) for row in before.rows}
    new = [row for row in after.rows if tuple(sorted(row.items())) not in known]
    whole = [row for row in new if _somebody(row.get("actor", "")) and not is_blank(row.get("at", ""))]
    said = "; ".join(" ".join(row.get(c, "") for c in ("at", "actor", "action", "target")) for row in whole[:3])
    return Finding(
        outcome=Outcome.PASS if whole else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"修改留有痕迹：{said}" if whole else "管理人员作废学习记录后，日志中没有记载何人何时",
            en=f"the change left a trace: {said}" if whole else "a voided record left no trace of who and when",
        ),
        refs=refs_of(untouched, voided),
        accepted=("the study was voided by an administrator", *(("traced",) if whole else ())),
        refused=(f"{len(known)} lines of before are not counted",),
    )


def _somebody(actor: str) -> bool:
    return not is_blank(actor) and actor.strip().lower() not in NOBODY


def judge_seal(walk: WalkView, case: Case) -> Finding:
    """The export carries a hash or a signature, and an altered one is found out."""
    found = _exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    seals = [m.name for m in packed.members if any(word in m.name.lower() for word in SEALS)]
    genuine = answer(walk.segments.get("genuine_archive"), "verify_archive")
    altered = answer(walk.segments.get("altered_archive"), "verify_archive")
    noticed = genuine is not None and genuine.yes("valid") is True
    noticed = noticed and altered is not None and altered.yes("valid") is False
    sealed = bool(seals) or noticed
    said = ", ".join(seals) or "none"
    return Finding(
        outcome=Outcome.PASS if sealed else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"校验文件：{said}；改动{'被发现' if noticed else '未试验或未被发现'}",
            en=f"seal: {said}; a change is {'noticed' if noticed else 'not noticed, or was not tried'}",
        ),
        refs=refs_of(segment, walk.segments.get("altered_archive")),
        accepted=(f"export of {packed.size} bytes",),
        refused=("altered export",) if noticed else (),
    )


def _in_two_already(walk: WalkView, case: Case, files: Read) -> Finding:
    """A learner who was in two class periods from the beginning: what was studied stands in one file, not in both."""
    one = walk.segments.get("one_period")
    by_period = _by_period(files.rows)
    shown = {period: sum(_count(row) for row in rows) for period, rows in by_period.items()}
    listed = ", ".join(f"{period}: {count:g}" for period, count in shown.items())
    read = next(iter(walk.facts(RecordsRead)), None)
    if read is None or not read.rows:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "读不到学习记录，无从核对各期档案",
            "the study record could not be read, so the files can't be checked",
            refs=refs_of(one),
        )
    wrong = [f"period {period} has {len(rows)} files" for period, rows in by_period.items() if len(rows) > 1]
    if sum(shown.values()) != len(read.rows):
        wrong.append(f"{len(read.rows)} record(s) of study, the files show {listed}")
    return _each_has_one(
        case,
        wrong,
        listed,
        refs=refs_of(one),
        accepted=(f"{len(read.rows)} record(s) of study in one file",),
        refused=tuple(f"{period}: nothing" for period, count in shown.items() if not count),
    )


def judge_periods(walk: WalkView, case: Case) -> Finding:
    """One learner in two class periods has two files, and what was studied in the first stands in the first alone."""
    one, two = walk.segments.get("one_period"), walk.segments.get("two_periods")
    first = reading(one, "archives")
    missing = unread(case, first, "archives")
    if first is None or missing is not None:
        return missing or unsupported(case, "archives")
    if two is None and len(_by_period(first.rows)) > 1:
        return _in_two_already(walk, case, first)
    if two is None:
        return unsupported(case, "enrol")
    done, second = action(two, "enrol"), reading(two, "archives")
    if done is None or not done.ok or second is None or second.table is None or not first.rows:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未能让同一学员参加两期：{done.error if done else ''}",
            f"no learner could be put into two periods: {done.error if done else ''}",
            refs=refs_of(one, two),
            evidence=evidence_of(two),
        )
    before, after = _by_period(first.rows), _by_period(second.rows)
    added = {period: rows for period, rows in after.items() if period not in before}
    wrong = []
    if len(second.rows) != len(first.rows) + 1 or len(added) != 1:
        wrong.append(f"{len(first.rows)} file(s) before and {len(second.rows)} after a second period was added")
    if any(len(rows) > 1 for rows in after.values()):
        wrong.append("a period has more than one file")
    for period, rows in after.items():
        was = sum(_count(row) for row in before.get(period, []))
        now = sum(_count(row) for row in rows)
        if now != was:
            wrong.append(f"period {period} now shows {now:g} records, {was:g} before")
    listed = ", ".join(f"{period}: {sum(_count(row) for row in rows):g}" for period, rows in after.items())
    return _each_has_one(
        case,
        wrong,
        listed,
        refs=refs_of(one, two),
        accepted=(f"{len(first.rows)} file(s) in one period, {len(second.rows)} in two",),
        refused=() if wrong else ("the first period's study is not in the second's file",),
    )


def _each_has_one(case: Case, wrong: list[str], listed: str, **more: Any) -> Finding:
    good = Text(zh=f"每期各一档（各档学习记录数 {listed}）", en=f"one file per period (records in each: {listed})")
    return unless_wrong(case, wrong, "未做到一期一档", good, **more)


def _by_period(rows: tuple[dict[str, str], ...]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.get("period", ""), []).append(row)
    return found


def _count(row: dict[str, str]) -> float:
    try:
        return float(row.get("records", "0") or 0)
    except ValueError:
        return 0.0


def judge_closed(walk: WalkView, case: Case) -> Finding:
    """After the account was closed the same file is exported, with the records it had."""
    opened, closed = walk.segments.get("open"), walk.segments.get("closed")
    if closed is None:
        return unsupported(case, "close_account, export_archive")
    before, after = file(opened, "archive"), file(closed, "archive")
    done, tried = action(closed, "close_account"), action(closed, "export_archive")
    if before is None or done is None or not done.ok or tried is None:
        first = action(opened, "export_archive")
        error = (done.error if done and not done.ok else "") or (first.error if first else "")
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"未能先导出再注销：{error}",
            f"the file could not be exported, or the account not closed: {error}",
            refs=refs_of(opened, closed),
        )
    lost = [] if after is not None else [f"not exported any more: {tried.error}"]
    if after is not None and before.format == "zip":
        lost = sorted({m.name for m in before.members if m.kind != "text"} - {m.name for m in after.members})
    elif after is not None and after.size < before.size / 2:
        lost = [f"{after.size} bytes instead of {before.size}"]
    after_said = (f"exported after: {after.size} bytes",) if after is not None and not lost else ()
    return Finding(
        outcome=Outcome.FAIL if lost else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"注销后档案缺失：{'；'.join(lost)}" if lost else "账号注销后档案仍可完整导出",
            en=f"lost when the account was closed: {'; '.join(lost)}"
            if lost
            else "the file is whole after the closing",
        ),
        refs=refs_of(opened, closed),
        evidence=evidence_of(closed),
        accepted=(f"exported before: {before.size} bytes", *after_said),
        refused=("the closed account's file was not dropped",) if not lost else (),
    )
