"""F06-2: what stands on a certificate. F06-2a: whether it can be checked."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, inconclusive_about, listed, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.view import WalkView
from probes.crosscheck import too_early, unsupported
from probes.f06_hours_certificate.papers import FIELDS, certified, handed_out, same_person, to_look_at
from probes.tables import answer, evidence_of, file, refs_of, says

CHECKED = {
    "number": ("证明编号", "number"),
    "code": ("校验码", "code"),
    "paper": ("证明文件", "paper"),
}
"""What of a certificate can be checked (F06-2a)."""


def judge_fields(walk: WalkView, case: Case) -> Finding:
    """Name, identity number, hours, period, course and seal stand on the certificate."""
    found = certified(walk, case)
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
        return to_look_at(case, issued, Text(zh="要素须在证明文件上核对", en="its fields stand on the paper"))
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
    found = certified(walk, case)
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
                if what == "number" and same_person(altered, papers) is False:
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
        return inconclusive_about(
            case,
            Reason.PRECONDITION_UNMET,
            "核验未能进行",
            "the check could not be made",
            unseen,
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
