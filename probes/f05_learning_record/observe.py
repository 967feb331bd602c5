"""Study honestly and compare; then send what an honest learner would never send."""

from __future__ import annotations

from harness.attacks import traffic
from harness.browser.network import learn_reports
from harness.browser.player import Player
from harness.errors import StepFailed
from harness.model.observation import Media, ReportChannel, Stimulus
from harness.walk import Learner, Walk
from probes.f05_learning_record import HONEST_S, PAUSE_S
from probes.f05_learning_record.others import others
from probes.f05_learning_record.sessions import interrupted
from probes.f05_learning_record.voided import voided

__all__ = ["forged", "honest", "interrupted", "others", "voided"]

RAISED_S = 3600.0
"""What a forged report claims: an hour, far beyond any tolerance."""


async def honest(walk: Walk) -> None:
    """Play, pause, play on, with the record read before and after each stretch."""
    learner = await walk.learner()
    await learner.enter()
    try:
        await walk.control("playing", learner, walk.span(HONEST_S, 20))
        async with walk.segment("paused", "rest", learner):
            await learner.watch(walk.span(PAUSE_S), active=False)
        await walk.control("playing_on", learner)
    except StepFailed:
        # Nothing moves: whether the film is to blame is F03's question.
        learner.note(Stimulus(name="stands_still", means="ordinary", effect=await Player(learner.screen).film()))
        return
    await walk.read_records(learner, lesson=learner.lesson)


async def forged(walk: Walk) -> None:
    """Learn the reports from an honest stretch, then replay and raise them while the player stands still."""
    learner = await walk.learner()
    await learner.enter()
    mark = learner.screen.traffic.mark()
    patterns: list[traffic.ReportPattern] = []
    for name in ("before", "before_more", "before_yet_more"):
        # Some platforms report every half minute: it takes longer to hear their rhythm.
        await walk.control(name, learner, walk.span(60))
        patterns = learn_reports(
            learner.screen.traffic.since(mark),
            [(o.t, o.data.sample) for o in walk.seen if isinstance(o.data, Media)],
        )
        if patterns:
            break
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
    await _send(walk, learner, patterns)
    await walk.control("after", learner)


async def _send(walk: Walk, learner: Learner, patterns: list[traffic.ReportPattern]) -> None:
    async with walk.segment("replayed", "attack", learner, means="tool"):
        for pattern in patterns:
            await _note(learner, await traffic.replay(learner.screen, pattern, times=20, interval_s=0.2))
    async with walk.segment("raised", "attack", learner, means="tool"):
        for pattern in patterns:
            await _note(learner, await traffic.forge(learner.screen, pattern, raise_s=RAISED_S))


async def _note(learner: Learner, facts: list[traffic.Sent]) -> None:
    for fact in facts:
        learner.note(fact)
