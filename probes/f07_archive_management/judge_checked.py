"""F07-13: a file is found and can be checked. F07-13v: changes leave a trace. F07-13a: exports carry a seal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.judge import Case, expectation, inconclusive, inconclusive_about, listed
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, counted, series
from harness.platform.readings import is_blank
from harness.view import SegmentView, WalkView
from probes.crosscheck import finished, unread, unsupported, was_voided
from probes.f06_hours_certificate.papers import certificate, same_person
from probes.f07_archive_management.exports import exported
from probes.f07_archive_management.parts import is_seal
from probes.tables import action, answer, reading, refs_of

LOOKED_ON = re.compile(
    r"(用户|学员|管理员|账号)?"
    r"(登录|登入|登出|退出|查看|查询|浏览|注册|申请|报名|选课|进入|开始|继续|结束|完成|观看|播放|提问|答复|回答|下载|导出"
    r"|抓拍|采集|核验|人脸|同意|拒绝)"
    r"|(user )?(log(ged)?|sign(ed)?)[ -]?(in|on|out|off|up)\b"
    r"|view|quer|read|regist|appl|enrol|start|begin|began|finish|complet|watch|play|ask|answer|repl|download|export|captur",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"作废|无效|撤|删|改|更正|取消|变更|\b(void|invalid|delet|chang|edit|revok|cancel|correct)",
    re.IGNORECASE,
)
"""Actions in a log: who begins like the first and says nothing of the second has changed nothing. A log notes our own
reader's log-in, and what others do meanwhile, too."""
NOBODY = frozenset({"系统", "系统自动", "自动", "system"})
"""Actors in a log that name no person."""
NOT_UNDERSTOOD = Text(
    zh="核验页面的答复配置未能识别（`valid`）",
    en="what the page said when it was asked was not understood: see the profile's `valid`",
)
NUMBER_OF_ANOTHER = Text(
    zh="改动后的编号可能是他人学时证明的编号；档案本身的核验（verify_archive）配置未描述",
    en="the altered number may be that of somebody else's certificate, and verify_archive is not described",
)
ONLY_THE_CERTIFICATE = Text(
    zh="可查询；仅其中的学时证明可核验", en="found by a search; only the certificate in it can be checked"
)


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
    by = Text(zh="档案", en="archive")
    partly = genuine is None
    if partly:  # a certificate that can be checked is a part of the file that can
        by = Text(zh="学时证明", en="certificate")
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
    wrong: list[Text] = []
    accepted: list[Text] = []
    if index.rows:
        found = len(index.rows)
        accepted.append(Text(zh=f"查得档案 {found} 份", en=f"{counted(found, 'file')} found"))
    else:
        wrong.append(Text(zh="按学员查询不到档案", en="a search by the learner finds nothing"))
    confirmed, fooled = genuine.yes("valid"), altered.yes("valid")
    of_somebody = partly and fooled is True and same_person(altered, certificate(issued)) is not True
    sure = bool(wrong) or confirmed is False or (fooled is True and not of_somebody)
    if not sure and (confirmed is None or fooled is None or of_somebody):
        why = NUMBER_OF_ANOTHER if of_somebody else NOT_UNDERSTOOD
        return inconclusive(case, Reason.INSUFFICIENT_EVIDENCE, why.zh, why.en, refs=refs, settled=True)
    if confirmed is True:
        accepted.append(Text(zh=f"真实的{by.zh}通过核验", en=f"genuine {by.en} confirmed"))
    elif confirmed is False:
        wrong.append(Text(zh=f"真实的{by.zh}未通过核验", en=f"the genuine {by.en} is not confirmed"))
    if fooled is True and not of_somebody:
        wrong.append(Text(zh=f"改动后的{by.zh}通过了核验", en=f"an altered {by.en} is confirmed"))
    good = Text(zh="可查询；原件核验通过，改动后核验不通过", en="found, confirmed as it is, refused when altered")
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.WARN if partly else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=listed("查询或核验无效", wrong) if wrong else ONLY_THE_CERTIFICATE if partly else good,
        refs=refs,
        accepted=tuple(accepted),
        refused=() if wrong else (Text(zh=f"改动后的{by.zh}未通过核验", en=f"altered {by.en} refused"),),
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
    new = [row for row in new if not _only_looked(row.get("action", ""))]
    whole = [row for row in new if _somebody(row.get("actor", "")) and not is_blank(row.get("at", ""))]
    doubtful = [row for row in whole if not _of_the_change(row, voided)]
    whole = [row for row in whole if row not in doubtful]
    if doubtful and not whole:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "作废后日志新增的记录看不出与作废有关",
            "it can't be seen that new lines of the log are about the voiding",
            [_line(row) for row in doubtful[:3]],
            refs=refs_of(untouched, voided),
            settled=True,
        )
    said = series(_line(row) for row in whole[:3])
    accepted = [Text(zh="管理人员作废学习记录", en="the study was voided by an administrator")]
    if whole:
        new_lines = counted(len(whole), "new log line")
        accepted.append(Text(zh=f"日志新增载明人员和时间的记录 {len(whole)} 条", en=f"{new_lines} with who and when"))
    return Finding(
        outcome=Outcome.PASS if whole else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"修改留有痕迹：{said.zh}" if whole else "管理人员作废学习记录后，日志中没有记载何人何时",
            en=f"the change left a trace: {said.en}" if whole else "a voided record left no trace of who and when",
        ),
        refs=refs_of(untouched, voided),
        accepted=tuple(accepted),
        refused=(
            Text(
                zh=f"作废前已有的日志 {len(known)} 条，不计",
                en=f"{counted(len(known), 'line')} of the log from before, not counted",
            ),
        ),
    )


def _only_looked(action: str) -> bool:
    return LOOKED_ON.match(action.strip()) is not None and CHANGED.search(action) is None


def _line(row: Mapping[str, str]) -> str:
    """A line of the log as a report quotes it."""
    return " ".join(row.get(column, "") for column in ("at", "actor", "action", "target"))


def _of_the_change(row: Mapping[str, str], voided: SegmentView) -> bool:
    """Is a line about the change? It says so, gives our reason, or is of the account that made it: where others study,
    register and ask meanwhile, any line may be new."""
    made = next(o for o in voided.observations if isinstance(o.data, ActionDone) and o.data.name == "void_record")
    reason = made.data.args.get("reason", "") if isinstance(made.data, ActionDone) else ""
    if made.account and row.get("actor", "").strip() == made.account:
        return True
    said = row.get("action", "")
    if CHANGED.search(row.get("detail", "") if is_blank(said) else said):
        return True
    return bool(reason) and any(reason in text for text in row.values())


def _somebody(actor: str) -> bool:
    return not is_blank(actor) and actor.strip().lower() not in NOBODY


def judge_seal(walk: WalkView, case: Case) -> Finding:
    """The export carries a hash or a signature, and an altered one is found out."""
    found = exported(walk, case)
    if isinstance(found, Finding):
        return found
    segment, packed = found
    seals = [m.name for m in packed.members if is_seal(m)]
    genuine = answer(walk.segments.get("genuine_archive"), "verify_archive")
    altered = answer(walk.segments.get("altered_archive"), "verify_archive")
    noticed = genuine is not None and genuine.yes("valid") is True
    noticed = noticed and altered is not None and altered.yes("valid") is False
    sealed = bool(seals) or noticed
    said = series(seals, COMMA) if seals else Text(zh="无", en="none")
    return Finding(
        outcome=Outcome.PASS if sealed else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"校验文件：{said.zh}；改动{'被发现' if noticed else '未试验或未被发现'}",
            en=f"seal: {said.en}; a change is {'noticed' if noticed else 'not noticed, or was not tried'}",
        ),
        refs=refs_of(segment, walk.segments.get("altered_archive")),
        accepted=(Text(zh=f"导出 {packed.size} 字节", en=f"export of {packed.size} bytes"),),
        refused=(Text(zh="改动后的档案未通过核验", en="altered export not confirmed"),) if noticed else (),
    )
