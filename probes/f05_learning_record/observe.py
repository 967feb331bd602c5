"""Study honestly and compare; then send what an honest learner would never send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from harness.attacks import borrowed as other
from harness.attacks import finish, traffic
from harness.browser.player import Player
from harness.errors import StepFailed
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.walk import Walk
from probes.channel import learn, note_channels, note_sent
from probes.f05_learning_record import HONEST_S, PAUSE_S, STANDING
from probes.f05_learning_record.others import others
from probes.f05_learning_record.sessions import interrupted
from probes.f05_learning_record.settled import settled, settled_cut
from probes.f05_learning_record.voided import voided

__all__ = ["borrowed", "forged", "honest", "interrupted", "others", "settled", "settled_cut", "voided"]

RAISED_S = (3300.0, 3900.0)
"""What a forged report claims: about an hour, far beyond any tolerance."""
REPLAYED = 20
BURST = 12
"""Reports 100 s of study apart: twenty minutes in a few seconds."""
BURST_STEP_S = 100.0
AFTER_LOG_OUT = 3

Attack = Callable[[traffic.ReportPattern], Awaitable[list[traffic.Sent]]]


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
    await walk.reader.records(learner, lesson=learner.lesson)


async def forged(walk: Walk) -> None:
    """Learn the reports from an honest stretch, then send them again in every wrong way while the player stands still.

    In which order and by how much is left to chance, so that nobody can wait for it.
    """
    learner = await walk.learner()
    await learner.enter()
    patterns = await _listen(walk, learner)
    raise_s = walk.chance("raise").uniform(*RAISED_S)
    seen = await learner.sample()
    length = (seen.duration_s if seen is not None else None) or learner.lesson.duration_s or raise_s
    screen = learner.screen
    attacks: dict[str, Attack] = {
        "replayed": lambda p: traffic.replay(screen, p, times=REPLAYED, interval_s=0.2),
        "backwards": lambda p: traffic.backwards(screen, p, interval_s=0.1),
        "burst": lambda p: traffic.burst(screen, p, count=BURST, step_s=BURST_STEP_S, interval_s=0.2),
        "raised": lambda p: traffic.forge(screen, p, raise_s=raise_s),
        "finished": lambda p: finish.finish(screen, p, length_s=length),
    }
    for name in walk.chance("order").sample(list(attacks), len(attacks)):
        await _send(walk, learner, patterns, name, attacks[name])
    if walk.described("log_out"):
        await _after_log_out(walk, learner, patterns, raise_s)
    await walk.control("after", learner)


async def _listen(walk: Walk, learner: Learner) -> list[traffic.ReportPattern]:
    """Study honestly until the rhythm of the reports is heard: some platforms report every half minute; then stand
    still, as during the attacks that come: what that is paid is nothing that was forged.
    """
    mark = learner.screen.traffic.mark()
    patterns: list[traffic.ReportPattern] = []
    for name in ("before", "before_more", "before_yet_more"):
        await walk.control(name, learner, walk.span(60))
        patterns = learn(learner, mark)
        if patterns:
            break
    note_channels(learner, patterns)
    async with learner.staying_active(), walk.segment(STANDING, "rest", learner):
        await learner.watch(walk.span(PAUSE_S), active=False)
    return patterns


async def _send(walk: Walk, learner: Learner, patterns: list[traffic.ReportPattern], name: str, attack: Attack) -> None:
    async with _attacked(walk, learner, name):
        for pattern in patterns:
            note_sent(learner, await attack(pattern))


@asynccontextmanager
async def _attacked(walk: Walk, learner: Learner, name: str) -> AsyncIterator[None]:
    """An attack on a lesson before which somebody sits: behind an idle lock nothing would be credited, whoever sent it.

    It is unlocked where reading the record took as long as the lock waits.
    """
    async with learner.staying_active():
        await learner.give_input()
        await learner.unlock_if_locked()
        async with walk.segment(name, "attack", learner, means="tool"):
            await learner.state(always=True)
            yield
            await learner.state()


async def _after_log_out(walk: Walk, learner: Learner, patterns: list[traffic.ReportPattern], raise_s: float) -> None:
    """Log out and report on; then log in again."""
    if not await learner.try_do("log_out"):
        return
    async with walk.segment("after_log_out", "attack", learner, means="tool", pause=False):
        for pattern in patterns:
            note_sent(learner, await traffic.replay(learner.screen, pattern, times=AFTER_LOG_OUT, interval_s=0.2))
            note_sent(learner, await traffic.forge(learner.screen, pattern, raise_s=raise_s))
    await learner.enter()


async def borrowed(walk: Walk) -> None:
    """Another learner's session reports on this one's lesson, which stands still meanwhile."""
    learner = await walk.learner()
    stranger = await walk.learner(account=1, screen="other")
    await stranger.enter()
    await learner.enter()
    patterns = await _listen(walk, learner)
    raise_s = walk.chance("raise").uniform(*RAISED_S)
    own = stranger.screen.traffic.since(0)
    async with _attacked(walk, learner, "borrowed"):
        for pattern in patterns:
            note_sent(learner, await other.report_as(stranger.screen, own, pattern, raise_s=raise_s, times=3))
    await walk.control("after", learner)
