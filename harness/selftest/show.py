"""The summary for a terminal and for a program."""

from __future__ import annotations

from harness.selftest.results import Summary

WORDS = {
    "survived": ("未检出", "survived"),
    "false_alarms": ("误报", "false alarms"),
    "decoys_failed": ("合规变体判错", "decoys failed"),
    "null_passes": ("空平台得到通过", "null passes"),
    "broken": ("未完成", "runs without a result"),
    "unsteady": ("已检出但并非每次", "killed, but not in every attempt"),
}


def as_dict(summary: Summary) -> dict[str, object]:
    """What `--json` prints: the figures, without the rows of the matrix."""
    names = (
        "defects",
        "killed",
        *WORDS,
        "runs",
        "judged_anew",
        "seconds",
        "bound_s",
        "scale",
        "full",
        "complete",
        "harness",
        "standard",
    )
    return {"passed": summary.passed, **{name: getattr(summary, name) for name in names}}


def lines(summary: Summary) -> list[str]:
    """What a person reads."""
    found = [
        f"检出 killed {summary.killed}/{summary.defects}，{summary.runs} 次检测 runs，"
        f"{summary.seconds:.0f} s（下限 bound {summary.bound_s:.0f} s）"
    ]
    if summary.judged_anew:
        found.append(f"其中按现行判定程序重新判定 judged anew: {summary.judged_anew}")
    for name, (zh, en) in WORDS.items():
        items = getattr(summary, name)
        found.append(f"{zh} {en}: {len(items)}")
        found += [f"  {item}" for item in items]
    if not summary.complete:
        found.append("检测报告不引用本次自测 no certification cites this one: it takes everything, and --repeat")
    found.append("自测通过 self-test passed" if summary.passed else "自测未通过 self-test not passed")
    return found
