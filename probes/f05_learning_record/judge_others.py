"""F05-4: a learner who changes identifiers does not reach another learner's record."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import series
from harness.view import WalkView

WAYS = {
    "their_address": ("以本人登录打开他人的地址", "their addresses with one's own session"),
    "changed_identifier": ("在本人的请求中改用他人标识", "their identifiers in one's own requests"),
    "readers_way": ("以学员登录使用查询人员的方式", "the reader's way with a learner's session"),
}


def judge_others(walk: WalkView, case: Case) -> Finding:
    """Both see their own record; in no way that was tried does the first see the second's."""
    looks = [o for o in walk.observations if isinstance(o.data, ActionDone) and o.data.name == "open_records"]
    tried = [o for o in walk.observations if isinstance(o.data, Stimulus) and o.data.name == "foreign_record"]
    seen = [o for o in looks if isinstance(o.data, ActionDone) and o.data.ok and o.data.table and o.data.table.rows]
    refs = tuple(o.seq for o in (*looks, *tried))
    if len(seen) < 2:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "两名学员未能各自看到本人的学习记录，无从对照",
            "the two learners did not each see their own record: no control",
            refs=refs,
        )
    stimuli = [o.data for o in tried if isinstance(o.data, Stimulus)]
    reader = next((s for s in stimuli if s.params.get("way") == "readers_way"), None)
    if reader is None or not reader.params.get("told_apart", reader.params.get("known_rows")):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "查询人员未读到可与本人区分的他人学习记录，无从对照",
            "the reader saw no record of the other learner that can be told from one's own: no control",
            refs=refs,
        )
    counts = {way: sum(s.params.get("way") == way for s in stimuli) for way in WAYS}
    shown = [s for s in stimuli if s.effect.get("shown") is True]
    own = [s for s in walk.facts(Stimulus) if s.name == "own_record"]
    altered = [s for s in stimuli if s is not reader and s.effect.get("status") is not None]
    if not shown and (not altered or (own and not any(s.effect.get("shown") for s in own))):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "学员页面的请求中未找到能读取本人记录且可更改标识的一条（如以 POST 提交），未能尝试更改标识",
            "among the page's requests none was found that reads one's own record and could be altered (a POST, say): "
            "no identifier was changed",
            refs=refs,
            settled=all(s.effect.get("status") is not None for s in (*own, *(s for s in stimuli if s is not reader))),
        )
    leaks = {way: sum(s.params.get("way") == way for s in shown) for way in WAYS}
    leaking = [way for way in WAYS if leaks[way]]
    leaked = [
        Text(
            zh=f"{WAYS[w][0]}（{counts[w]} 次中 {leaks[w]} 次）",
            en=f"{WAYS[w][1]} ({leaks[w]} of {counts[w]})",
        )
        for w in leaking
    ]
    said = series(leaked)
    tries_zh = "、".join(f"{WAYS[w][0]} {n} 次" for w, n in counts.items() if n)
    tries = ", ".join(f"{WAYS[w][1]}: {n}" for w, n in counts.items() if n)
    first = next((str(s.params.get("url")) for s in shown if s.params.get("url")), "")
    return Finding(
        outcome=Outcome.FAIL if shown else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=f"可读取他人学习记录：{said.zh}（如 {first}）" if shown else f"均未读取到他人记录：{tries_zh}",
            en=f"another learner's record was read: {said.en} (such as {first})"
            if shown
            else f"another learner's record was not read: {tries}",
        ),
        refs=refs,
        accepted=(Text(zh="学员本人的学习记录", en="each learner's own record"), *leaked),
        refused=() if shown else tuple(Text(zh=WAYS[w][0], en=WAYS[w][1]) for w, n in counts.items() if n),
    )
