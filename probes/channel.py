"""The learner's own progress reports, for walks that send what an honest learner would not."""

from __future__ import annotations

from collections.abc import Iterable

from harness.attacks.traffic import ReportPattern, Sent
from harness.browser.network import learn_reports
from harness.learner import Learner
from harness.model.observation import Media, ReportChannel


def learn(learner: Learner, mark: int = 0) -> list[ReportPattern]:
    """The reports among what this learner's window has sent since `mark`, likeliest first; none written down yet."""
    walk = learner.walk
    samples = [(o.t, o.data.sample) for o in walk.seen if isinstance(o.data, Media) and o.data.screen == learner.name]
    return learn_reports(learner.screen.traffic.since(mark), samples)


def note_channels(learner: Learner, patterns: Iterable[ReportPattern]) -> None:
    """Write down which reports were found."""
    for pattern in patterns:
        learner.note(
            ReportChannel(
                method=pattern.method,
                url=pattern.url,
                count=pattern.count,
                period_s=pattern.period_s,
                moving=tuple(m.path for m in pattern.moving),
                signed=pattern.signed,
            )
        )


def note_sent(learner: Learner, facts: Iterable[Sent]) -> None:
    """Write down what was sent and how it was answered."""
    for fact in facts:
        learner.note(fact)
