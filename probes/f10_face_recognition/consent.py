"""A newcomer, before and after consent and enrolment."""

from __future__ import annotations

import re

from harness import oncamera
from harness.attacks import identity
from harness.learner import Learner
from harness.walk import Walk
from probes.f10_face_recognition.asking import note
from probes.watching import come_back, try_to_play


async def consent(walk: Walk) -> None:
    """Before and after consent and enrolment."""
    learner = await walk.learner()
    pictured = walk.described("portraits")
    await learner.do("log_in")
    if pictured:
        await oncamera.read_portraits(learner, "before")
    mark = learner.screen.traffic.mark()
    opened = await learner.try_do("open_lesson", lesson=learner.lesson)
    moved = opened and await try_to_play(walk, learner, 4.0)
    traffic = learner.screen.traffic.since(mark)
    sent = {"pictures_sent": len(identity.uploads(traffic)), "files_sent": len(identity.files(traffic))}
    await note(learner, "without_consent", moved=moved, **sent, words=await _said(learner))
    if pictured:
        await oncamera.read_portraits(learner, "without_consent")
    await learner.do("consent")
    await learner.do("enrol_face")
    await come_back(walk, learner)
    await walk.control("after", learner)


async def _said(learner: Learner) -> str:
    """What the page says, in every frame."""
    words = await learner.screen.values_everywhere("() => document.body ? document.body.innerText : ''")
    text = " ".join(" ".join(str(part).split()) for part in words)
    found = re.search(r".{0,120}(同意|consent).{0,120}", text, re.I)
    return found.group() if found else text[:240]
