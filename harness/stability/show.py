"""The summary for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from harness.stability.tally import Group, Line, Stability

CONDITION = {False: ("安静", "quiet"), True: ("有干扰", "busy")}


def lines(found: Stability) -> list[str]:
    """What a person reads."""
    told = [
        f"完成 done {found.done}/{found.asked}，误判不符合的比例 rate of rehearsals with a false FAIL "
        f"<= {found.fail_rate_below:.1%}（95%）",
        *(_group(g) for g in found.groups),
        f"误判不符合 false FAILs: {len(found.fails)}",
        *(f"  {f.requirement} ({f.front} {CONDITION[f.busy][1]}): {f.why.en}; {f.run}" for f in found.fails),
        f"首次未定 first attempts uncertain: {found.uncertain_first}，重试后判定 settled by a retry: {found.settled}",
    ]
    unsure = [line for line in found.requirements if line.doubts]
    told.append(f"有过未能判定的要求 requirements that were INCONCLUSIVE: {len(unsure)}")
    told += [_doubts(line) for line in unsure]
    told.append(f"没有结果的检测 rehearsals without a result: {len(found.broken)}")
    told += [f"  {b.front} {CONDITION[b.busy][1]}: {b.error}" for b in found.broken]
    if found.fails:
        told.append("不稳定 not stable")
    elif found.complete:
        told.append("稳定 stable")
    else:
        told.append(f"未完成，还差 incomplete, missing {missing(found.groups)}")
    return told


def missing(groups: Iterable[Group]) -> int:
    """Rehearsals that were asked for and are not there."""
    return sum(max(0, g.asked - g.done) for g in groups)


def _group(group: Group) -> str:
    zh, en = CONDITION[group.busy]
    walls = group.seconds
    took = f"，{min(walls):.0f}-{max(walls):.0f} s" if walls else ""
    bound = f"，<= {group.fail_rate_below:.1%}" if group.done else ""
    failed = f"有 FAIL with a FAIL {group.failed}"
    return f"  {group.front} {zh} {en}: {group.done}/{group.asked}，{failed}{bound}{took}"


def _doubts(line: Line) -> str:
    counted = Counter((d.group, d.outcome) for d in line.doubts)
    often = ", ".join(f"{outcome} x{number} ({group})" for (group, outcome), number in counted.items())
    return f"  {line.id}: {often}"
