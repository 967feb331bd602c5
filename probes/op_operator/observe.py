"""Use the institution's tools on our own learner, and read every place after each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.learner import Learner
from harness.walk import Walk
from probes.op_operator import TOOLS
from probes.outcome import ask_for_certificate, attendance, class_period, read_stated

HOURS = 2
"""Entered by hand: more than anybody studied here."""
TYPED_MIN = 50
"""Attendance that no device has seen."""
PLACES = ("course_record", "archives", "archive_hours", "statistics")


async def tools(walk: Walk) -> None:
    """A moment of honest study, then each tool that the profile describes; at the end the certificate."""
    learner = await walk.learner()
    await learner.enter()
    await walk.control("before", learner)
    course = learner.lesson.course or ""
    async with walk.stretch("baseline", "control"):
        await _look(walk, learner)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    period = await class_period(walk, learner.account)
    for name in (name for name in TOOLS if walk.described(name)):
        if name == "backdate_period" and walk.attempt > 1:
            continue  # the period bears the mark of the first attempt
        async with walk.stretch(name, "attack"):
            for args in _arguments(walk, learner, name, period):
                await admin.try_do(name, **args)
            await walk.clock.sleep(walk.settle_s)
            await _look(walk, learner)
    if walk.described("request_certificate"):
        async with walk.stretch("certified", "attack"):
            await ask_for_certificate(learner)
            await read_stated(walk, learner.account, course, ("course_record", "certificate"))


def _arguments(walk: Walk, learner: Learner, name: str, period: str) -> Iterator[dict[str, Any]]:
    """What a tool is given; a batch is given every lesson of the course."""
    who = {"learner": learner.account}
    course = {"course": learner.lesson.course or ""}
    if name == "complete_in_batch":
        yield from ({**who, "lesson": lesson} for lesson in walk.lessons)
    elif name in ("add_hours", "import_hours"):
        yield {**who, **course, "hours": HOURS}
    elif name in ("replace_portrait", "upload_portrait"):
        yield {**who, "portrait": _portrait(walk, learner)}
    elif name == "import_attendance":
        yield {"file": attendance(walk, learner.account.username, period, "理论", TYPED_MIN, source="教务人工填报")}
    elif name == "backdate_period":
        yield {}
    else:
        yield who


async def _look(walk: Walk, learner: Learner) -> None:
    await read_stated(walk, learner.account, learner.lesson.course or "", PLACES)
    for name in ("portrait_list", "attendance"):
        if walk.described(name):
            await walk.reader.table(name, learner=learner.account)
    await walk.reader.records(learner)


def _portrait(walk: Walk, learner: Learner) -> bytes:
    """The learner's own photograph on file, where test persons have one; else a picture of nobody."""
    import cv2
    import numpy as np

    name = walk.platform.profile.person_of(learner.account)
    if walk.platform.studio is not None and name is not None:
        return walk.platform.studio.person(name).enrol
    grey = np.tile(np.linspace(40, 215, 480, dtype=np.uint8), (640, 1))
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    assert done
    return jpeg.tobytes()
