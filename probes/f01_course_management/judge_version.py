"""F01-3: the record tells which version of a lesson was studied."""

from __future__ import annotations

from collections.abc import Sequence

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Observation, RecordsRead, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.view import WalkView
from probes.bracket import honest, unmet


def judge_version(walk: WalkView, case: Case) -> Finding:
    """Sittings before and after the video was replaced carry different versions, and the earlier keeps its own."""
    replaced = [s for s in walk.facts(Stimulus) if s.name == "replace_media"]
    if not replaced:
        return inconclusive(case, Reason.UNSUPPORTED, "配置未描述更换课件", "replace_media is not described")
    open_end = unmet(walk, case)
    read = [o for o in walk.observations if isinstance(o.data, RecordsRead)]
    if not replaced[-1].effect.get("done") or open_end is not None or len(read) < 2:
        return open_end or inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能更换课件，或读不到学习记录",
            "the media could not be replaced, or the record not be read",
        )
    before, after = _records(read[0]), _records(read[-1])
    refs = tuple(o.seq for o in (read[0], read[-1]))
    if not replaced[-1].params.get("version_described"):
        return inconclusive(
            case, Reason.UNSUPPORTED, "配置未描述记录中的课件版本", "the record's `version` is not described", refs=refs
        )
    starts = {r.start for r in before}
    kept, new = [r for r in after if r.start in starts], [r for r in after if r.start not in starts]
    if not before or not new:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "更换前后各应有一段学习记录",
            "a record of a sitting before and after the replacement is needed",
            refs=refs,
        )
    old_versions, new_versions = _versions(before), _versions(new)
    unchanged = _versions(kept) == old_versions
    told = "" not in old_versions | new_versions and not old_versions & new_versions
    listed = f"{'/'.join(sorted(old_versions)) or '-'} → {'/'.join(sorted(new_versions)) or '-'}"
    return Finding(
        outcome=Outcome.PASS if told and unchanged else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=("记录区分了更换前后的课件版本：" if told and unchanged else "记录不能反映所学课件版本：") + listed
            + ("" if unchanged else "，且原有记录的版本被改动"),
            en=("the record tells the versions apart: " if told and unchanged else "the record does not tell which "
                "version was studied: ") + listed + ("" if unchanged else "; the earlier row was changed"),
        ),
        refs=refs,
        accepted=honest(walk, case),
        refused=(Text(zh="改动原有记录的课件版本", en="a change of the earlier row's version"),) if unchanged else (),
    )  # fmt: skip


def _records(line: Observation) -> tuple[StudyRecord, ...]:
    return (line.data.rows or ()) if isinstance(line.data, RecordsRead) else ()


def _versions(rows: Sequence[StudyRecord]) -> set[str]:
    return {r.version or "" for r in rows}
