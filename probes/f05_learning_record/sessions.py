"""Study that is interrupted as life does: the page loaded again, the network gone for a while, a new log-in."""

from __future__ import annotations

from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.walk import Walk
from probes.f05_learning_record import CUT_FLOOR_S, CUT_S, PIECE_FLOOR_S, PIECE_S


async def interrupted(walk: Walk) -> None:
    """Three interruptions, each inside a stretch of honest study; then the whole record of the lesson is read."""
    learner = await walk.learner()
    await learner.enter()
    async with walk.segment("session_reload", "rest", learner):
        await _study(walk, learner)
        await learner.screen.reload()
        learner.note(Stimulus(name="reload", means="ordinary"))
        await _go_on(walk, learner)
    async with walk.segment("session_cut", "rest", learner):
        await _study(walk, learner)
        await _without_network(walk, learner)
        await _go_on(walk, learner)
    await walk.reader.settled_credit("before:session_login", learner)
    async with walk.stretch("session_login", "rest"):
        await learner.sample()
        await _study(walk, learner)
        again = await _log_in_anew(walk, learner)
        await _study(walk, again)
        await again.try_do("pause")
        await again.sample()
    await walk.reader.settled_credit("after:session_login", again)
    await walk.reader.records(again, lesson=again.lesson)


async def _study(walk: Walk, learner: Learner) -> None:
    await learner.play()
    await learner.watch(walk.span(PIECE_S, PIECE_FLOOR_S))


async def _go_on(walk: Walk, learner: Learner) -> None:
    """Study on where the page still is the lesson; else open it anew, as a learner would."""
    try:
        await _study(walk, learner)
    except SubjectError:
        await learner.open()
        await _study(walk, learner)


async def _without_network(walk: Walk, learner: Learner) -> None:
    await learner.screen.set_offline(True)
    start = walk.now()
    try:
        await learner.watch(walk.span(CUT_S, CUT_FLOOR_S), answer=False)
    finally:
        await learner.screen.set_offline(False)
    gone = round(walk.now() - start, 1)
    learner.note(Stimulus(name="network_cut", means="ordinary", params={"offline_s": gone}))


async def _log_in_anew(walk: Walk, learner: Learner) -> Learner:
    """Log out in the middle of playing, or at least stop; then log in at a fresh device."""
    left = walk.described("log_out") and await learner.try_do("log_out")
    if not left:
        await learner.try_do("pause")
    await learner.session.close()
    learner.note(Stimulus(name="log_in_anew", means="ordinary", params={"logged_out": bool(left)}))
    again = await walk.learner(screen="again")
    await again.enter()
    return again
