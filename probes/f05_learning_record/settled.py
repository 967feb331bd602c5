"""The record of study of an earlier stage, read once it has settled."""

from __future__ import annotations

from harness.walk import Walk


async def settled(walk: Walk) -> None:
    """The credit of every learner and lesson that was studied then, and the rows of it. Nobody logs in."""
    await walk.reader.studied_earlier()


async def settled_cut(walk: Walk) -> None:
    """The same, after study that was interrupted."""
    await settled(walk)
