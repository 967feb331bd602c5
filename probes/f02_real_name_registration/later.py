"""What has become of those who registered in an earlier stage of the run, and whom people approve by hand."""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import NotYet, SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.stages import left_for_approval
from harness.view import WalkView
from harness.walk import Walk
from probes.f02_real_name_registration.applicants import (
    BARE,
    CONTROLS,
    IMPORTED,
    Applicant,
    account_of,
    applicants_of,
    newcomers_of,
)

LOOK_S = 3.0
"""How long an account plays to show that it may study; our own time, never scaled."""


async def registered(walk: Walk) -> None:
    """Who of those that were taken may study, the valid ones first. Raises NotYet while these may not."""
    assert walk.takes_up is not None  # the engine makes it of a walk that it follows
    those = applicants_of(walk, walk.takes_up)
    await _enrol(walk, walk.takes_up, those)
    out = [one for one in those if one.case in CONTROLS and not await _may_study(walk, one)]
    if out:
        raise _not_yet(walk, out)
    for one in those:
        if one.case not in CONTROLS:
            await _may_study(walk, one)


async def approved(walk: Walk) -> None:
    """Those who could not study before are approved, and study. Raises NotYet while one of them is not."""
    assert walk.takes_up is not None
    those = newcomers_of(walk, walk.takes_up)
    await _enrol(walk, walk.takes_up, those)
    lesson, out = walk.platform.profile.lessons[0], []
    for one in those:
        learner = await walk.learner(account_of(walk, one), lesson, screen=f"{one.case}_after")
        try:
            await _come_in(learner, one)
            await walk.control(f"after_{one.case}", learner)
        except SubjectError:
            out.append(one)
        await learner.session.close()
    if out:
        raise _not_yet(walk, out)


async def _come_in(learner: Learner, one: Applicant) -> None:
    await learner.do("log_in")
    await show_face(learner, one.case)
    await learner.open()


async def show_face(learner: Learner, way: str) -> bool:
    """What a platform with cameras wants before the first lesson; was it all taken? Who registered has handed in a
    portrait; whom the institution entered has not, and who left it out is to be seen without."""
    if learner.session.camera is None:
        return True
    wanted = [a for a in (("consent", "enrol_face") if way == IMPORTED else ("consent",)) if learner.walk.described(a)]
    return all([await learner.try_do(action) for action in wanted])


async def _may_study(walk: Walk, one: Applicant) -> bool:
    """Does the lesson play for somebody who applied? Who has no portrait is also read the record of."""
    learner = await walk.learner(account_of(walk, one), walk.platform.profile.lessons[0], screen=one.case)
    if one.case == BARE and not walk.setting.settles_later:
        async with walk.segment("without_portrait", "attack", learner):
            said = await _try(learner, one, walk.setting.control_s())
    else:
        said = await _try(learner, one, LOOK_S)
    await learner.stimulate(
        Stimulus(
            name="look_at_account",
            means="ordinary",
            params={"case": one.case},
            effect={"studies": not said, "said": said},
        )
    )
    await learner.session.close()
    return not said


async def _try(learner: Learner, one: Applicant, seconds: float) -> str:
    """Log in and play; what stood in the way, nothing when it played."""
    try:
        await _come_in(learner, one)
        return "" if await learner.play_if_allowed(seconds) else "the player did not start"
    except SubjectError as error:
        return error.message


async def _enrol(walk: Walk, earlier: WalkView, those: Sequence[Applicant]) -> None:
    """Put into the course who could not be before: some platforms take only approved learners."""
    before = {str(s.params["case"]) for s in left_for_approval(earlier) if s.effect.get("enrolled")}
    missing = [one for one in those if one.case not in before]
    if not missing or not walk.described("enrol"):
        return
    admin = await walk.actor("admin")
    await admin.do("log_in")
    course = walk.platform.profile.lessons[0].course
    for one in missing:
        await admin.try_do("enrol", learner=account_of(walk, one), course=course)


def _not_yet(walk: Walk, out: Sequence[Applicant]) -> NotYet:
    names = ", ".join(one.person.username for one in out)
    return NotYet(
        f"机构尚未审核通过，不能学习：{names} not approved yet, can't study: {names}",
        where=walk.spec.name,
        hint="请机构审核通过并编入课程后，用 --resume 继续（拒绝虚构身份不视为不符合）。 "
        "Have the institution approve them and put them into the course, then go on with --resume; refusing invented "
        "people is no failure.",
    )
