"""F06-3: no certificate beyond the record, asked for too early or in time."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive_about
from harness.model.finding import Finding, Text, Told
from harness.model.outcome import Outcome, Reason
from harness.model.words import counted, series
from harness.view import SegmentView, WalkView
from probes.bracket import honest, unmet
from probes.crosscheck import PIECE_S, SAME_HOURS, coarse_s, finished, places, unread, unsupported
from probes.f06_hours_certificate.papers import UNREAD, certificate, certified, to_look_at, unread_paper
from probes.tables import Read, action, evidence_of, reading, refs_of

ASKED = {
    "request_certificate": ("通过页面申请", "asked for by the page"),
    "request_certificate_directly": ("直接访问证明地址", "asked for by its address"),
}


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
        found = certified(walk, case)
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
        unread_in = early if unread_paper(early) else walk.segments["issued"]
        return to_look_at(
            case, unread_in, Text(zh="所列学时不超出记录", en="what the list shows is not beyond the record")
        )
    if untold:
        return inconclusive_about(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "不能确认证明未超出记录",
            "whether it says more than the record is not known",
            dict.fromkeys(untold),
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
    if unread_paper(segment):
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
