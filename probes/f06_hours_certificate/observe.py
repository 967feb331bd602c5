"""Ask for a certificate that nobody has earned."""

from __future__ import annotations

from harness.walk import Walk
from probes.outcome import ask_too_early


async def early(walk: Walk) -> None:
    """A moment of honest study, and the certificate at once; then honest study again."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    await ask_too_early(walk, learner)
    await learner.open()
    await walk.control("after", learner)
