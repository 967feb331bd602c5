"""Comparing two stored runs: what changed, and whether the platform or the rules did it.

Two runs can differ in the subject, its profile, the standard, the harness and the conditions. A change is put down to
standard or harness only where that is shown: the first run's ledger, judged again by this harness under the second
run's standard, gives the second's outcome. What remains is the subject's, or the profile's that describes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from harness.errors import UsageError, XunjianError
from harness.forms import Waivers
from harness.model.comparison import Cause, Change, Comparison, Difference, Side
from harness.model.finding import Text, Verdict
from harness.model.outcome import Reason
from harness.model.run import RunResult
from harness.stored import stored

JUDGING: tuple[Cause, ...] = ("standard", "harness")
NOT_EXECUTED = frozenset({Reason.NOT_RUN, Reason.UNSUPPORTED})


def compare_runs(before: Path, after: Path, waivers: Waivers | None = None) -> Comparison:
    """Two stored runs. Raises LedgerError for a folder that is none."""
    from reports import json_run

    first, second = json_run.read(before), json_run.read(after)

    def judged_again() -> RunResult | None:
        try:
            return stored(before, second.standard.overlays)
        except XunjianError:  # a ledger of another age: then nothing is shown, and said so
            return None

    return compare(first, second, judged_again, waivers=waivers, today=datetime.now(UTC).date())


def compare(
    before: RunResult,
    after: RunResult,
    judged_again: Callable[[], RunResult | None],
    *,
    waivers: Waivers | None = None,
    today: date,
) -> Comparison:
    """What changed. `judged_again` gives the first run under the second's rules, None where that cannot be had."""
    differences = _differences(before, after)
    causes = tuple(d.cause for d in differences)
    notes: list[Text] = []
    again: dict[str, Verdict] | None = None
    if any(cause in JUDGING for cause in causes):
        result = judged_again()
        if result is None:
            notes.append(
                Text(
                    zh="第一次检测的台账不能用现有规则重新判定，原因未能区分",
                    en="the first run's ledger cannot be judged again: causes are not told apart",
                )
            )
        else:
            again = {v.id: v for v in result.requirements}
    was, now = _executed(before), _executed(after)
    changes = [
        _change(was[id], now[id], causes, again, waivers, after.subject.name, today)
        for id in now
        if id in was and was[id].outcome is not now[id].outcome
    ]
    if before.subject.name != after.subject.name:
        notes.append(Text(zh="两次检测的不是同一个平台", en="the runs are of different subjects"))
    return Comparison(
        before=_side(before),
        after=_side(after),
        differences=differences,
        changes=tuple(sorted(changes, key=lambda c: (bool(c.waived), not c.worse, not c.mandatory, c.id))),
        same=sum(id in was and was[id].outcome is v.outcome for id, v in now.items()),
        only_before=tuple(id for id in was if id not in now),
        only_after=tuple(id for id in now if id not in was),
        notes=tuple(notes),
    )


def _executed(result: RunResult) -> dict[str, Verdict]:
    return {v.id: v for v in result.requirements if v.reason not in NOT_EXECUTED}


def _side(result: RunResult) -> Side:
    return Side(
        number=result.number,
        subject=result.subject.name,
        version=result.subject.version,
        started_utc=result.started_utc,
        decision=result.decision,
        would_be=result.would_be,
    )


def _differences(a: RunResult, b: RunResult) -> tuple[Difference, ...]:
    pairs: tuple[tuple[Cause, str, str], ...] = (
        (
            "subject",
            f"{a.subject.name} {a.subject.version}",
            f"{b.subject.name} {b.subject.version}",
        ),
        ("profile", a.subject.profile_digest, b.subject.profile_digest),
        (
            "standard",
            " ".join((a.standard.id, *a.standard.overlays, a.standard.digest[:12])),
            " ".join((b.standard.id, *b.standard.overlays, b.standard.digest[:12])),
        ),
        ("harness", f"{a.harness.version} {a.harness.digest[:12]}", f"{b.harness.version} {b.harness.digest[:12]}"),
        (
            "conditions",
            f"{a.mode.value} x{a.conditions.time_scale:g}",
            f"{b.mode.value} x{b.conditions.time_scale:g}",
        ),
    )
    return tuple(Difference(cause=cause, before=x, after=y) for cause, x, y in pairs if x != y)


def _change(
    was: Verdict,
    now: Verdict,
    causes: tuple[Cause, ...],
    again: dict[str, Verdict] | None,
    waivers: Waivers | None,
    subject: str,
    today: date,
) -> Change:
    found, proven = _causes(was, now, causes, again)
    waiver = waivers.covers(now.id, subject, today) if waivers else None
    return Change(
        id=now.id,
        title=now.title,
        level=now.level,
        mandatory=now.mandatory,
        before=was.outcome,
        after=now.outcome,
        worse=now.outcome.severity > was.outcome.severity,
        causes=found,
        proven=proven,
        observed_before=was.observed,
        observed_after=now.observed,
        waived=f"{waiver.owner}: {waiver.reason} ({waiver.expires})" if waiver else "",
    )


def _causes(
    was: Verdict, now: Verdict, causes: tuple[Cause, ...], again: dict[str, Verdict] | None
) -> tuple[tuple[Cause, ...], bool]:
    judging = tuple(c for c in causes if c in JUDGING)
    others = tuple(c for c in causes if c not in JUDGING)
    if again is not None:
        rejudged = again.get(now.id)
        if rejudged is not None and rejudged.outcome is now.outcome:
            return judging, True
        if rejudged is not None and rejudged.outcome is was.outcome:
            return others or ("behaviour",), True
    return causes or ("behaviour",), not causes


def check_two(before: Path, after: Path) -> None:
    """Raises UsageError when somebody compares a run with itself."""
    if before.resolve() == after.resolve():
        raise UsageError("a run compared with itself", got=str(before), expected="two runs")
