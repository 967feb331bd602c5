"""Register as nobody, in every way that should and should not work; and study before being verified."""

from __future__ import annotations

import re

from harness.actor import Actor
from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.platform.profile import Account, Lesson
from harness.platform.readings import normal
from harness.stages import LEFT_FOR_APPROVAL
from harness.walk import Walk
from probes.f02_real_name_registration.applicants import (
    BARE,
    CONTROLS,
    Applicant,
    account_of,
    applicants,
    newcomers,
    photograph,
)
from probes.f02_real_name_registration.later import approved, registered, show_face

__all__ = ["approved", "pending", "register", "registered", "unverified"]


async def register(walk: Walk) -> None:
    """Valid applications before and after those that should be refused: a platform that takes none any more proves
    nothing by refusing the others.

    Where people approve applications by hand, whoever was taken and should not have been is left to them, with the
    valid ones beside: what comes of it is looked at in a later stage.
    """
    visitor = await walk.actor("visitor")
    taken: list[Applicant] = []
    unlisted: list[Applicant] = []
    for one in applicants(walk):
        answered, row = await _apply(walk, visitor, one)
        if answered or row:
            taken.append(one)
        if answered and not row:
            unlisted.append(one)
        if one.case == "valid":
            if not taken:
                return
            await _masked(walk, one)
    for one in unlisted:  # lists may be kept for a moment
        await _write_down(walk, visitor, one, True, await _listed(walk, one))
    if not walk.setting.approved_by_hand:
        for one in taken:
            if one.case == BARE and not walk.setting.settles_later:  # its record would tell nothing yet
                await _study_without_portrait(walk, one)
    elif any(not one.valid for one in taken):
        await _leave(walk, [one for one in taken if one.case in CONTROLS or not one.valid])


async def _leave(walk: Walk, those: list[Applicant]) -> None:
    """Put those who applied into the course, and leave it to people to approve them."""
    admin = None
    if walk.described("enrol"):
        admin = await walk.actor("admin")
        await admin.do("log_in")
    for one in those:
        await _left_to_people(walk, admin, one)


async def _left_to_people(walk: Walk, admin: Actor | None, one: Applicant) -> None:
    """Enrol an applicant as far as we may, and write down who waits to be approved."""
    course = walk.platform.profile.lessons[0].course
    enrolled = admin is not None and await admin.try_do("enrol", learner=account_of(walk, one), course=course)
    walk.note(
        Stimulus(
            name=LEFT_FOR_APPROVAL,
            means="ordinary",
            params={"case": one.case, "username": one.person.username, "invented_on": one.invented_on.isoformat()},
            effect={"enrolled": enrolled},
        )
    )


async def _apply(walk: Walk, visitor: Actor, one: Applicant) -> tuple[bool, dict[str, str] | None]:
    """Apply once; was it taken, by the page's word and by the list of accounts?"""
    person = one.person
    answered = await visitor.try_do(
        "register",
        username=person.username,
        password=person.password,
        name=person.name,
        id_number=person.id_number,
        phone=person.phone,
        portrait="" if one.case == BARE else photograph(walk),
    )
    row = await _listed(walk, one)
    await _write_down(walk, visitor, one, answered, row)
    return answered, row


async def _write_down(walk: Walk, visitor: Actor, one: Applicant, answered: bool, row: dict[str, str] | None) -> None:
    """What page and list say of an application; a later line about it takes the place of an earlier one."""
    await visitor.stimulate(
        Stimulus(
            name="register",
            means="ordinary",
            params={"case": one.case, "identity_source": walk.platform.profile.model.identity_source},
            effect={
                "answered": answered,
                "listed": None if row is None else bool(row),
                "remark": (row or {}).get("remark", ""),
                "state": (row or {}).get("state", ""),
            },
        )
    )


async def _listed(walk: Walk, one: Applicant) -> dict[str, str] | None:
    """The account's row in the list, empty when there is none; None when the list can't be read."""
    table = await walk.reader.table("learners", learner=account_of(walk, one))
    if table is None:
        return None
    username = one.person.username
    named = "username" in table.columns  # a row that leaves it out is somebody else's
    return next((row for row in table.rows if not named or row.get("username") == username), {})


async def _masked(walk: Walk, one: Applicant) -> None:
    """Does the list of accounts show the whole number? Looked at before the ledger masks it."""
    row = await _listed(walk, one)
    shown = (row or {}).get("id_number")
    figures = re.sub(r"[\s-]", "", normal(shown or "")).lower()  # in groups it is shown no less
    whole = one.person.id_number.lower() in figures
    effect = {"shown": None if shown is None else bool(shown), "in_full": whole}
    walk.note(Stimulus(name="look_at_number", means="ordinary", effect=effect))


async def _study_without_portrait(walk: Walk, one: Applicant) -> None:
    """Registered without a portrait: is one asked for before the first study?"""
    admin = await walk.actor("admin")
    await admin.do("log_in")
    lesson, account = walk.platform.profile.lessons[0], account_of(walk, one)
    await admin.do("enrol", learner=account, course=lesson.course)
    await admin.try_do("approve_learner", learner=account)
    learner = await walk.learner(account, lesson, screen="bare")
    if learner.session.camera is not None and walk.described("consent"):
        await learner.try_do("log_in")
        await learner.try_do("consent")
    await _attempt(walk, learner, "without_portrait")


async def unverified(walk: Walk) -> None:
    """Two accounts that nobody verified, each by its own way, try the address of a lesson; verified, they study it."""
    admin = await walk.actor("admin")
    await admin.do("log_in")
    lesson = walk.platform.profile.lessons[0]
    accounts = {one.case: account_of(walk, one) for one in await _newcomers(walk, admin)}
    for account in accounts.values():
        await admin.do("enrol", learner=account, course=lesson.course)
    faced = {way: await _try_unverified(walk, account, lesson, way) for way, account in accounts.items()}
    for way, account in accounts.items():
        await _verify_and_study(walk, admin, account, lesson, way, faced=faced[way])


async def pending(walk: Walk) -> None:
    """The same accounts try the address of a lesson, and are left to the people who approve them."""
    admin = None
    if walk.described("enrol") or walk.described("import_learner"):
        admin = await walk.actor("admin")
        await admin.do("log_in")
    lesson = walk.platform.profile.lessons[0]
    those = await _newcomers(walk, admin)
    for one in those:
        await _left_to_people(walk, admin if walk.described("enrol") else None, one)
    for one in those:
        await _try_unverified(walk, account_of(walk, one), lesson, one.case)


async def _newcomers(walk: Walk, admin: Actor | None) -> list[Applicant]:
    """Those of the newcomers whom the platform took."""
    found: list[Applicant] = []
    one, entered = newcomers(walk)
    visitor = await walk.actor("visitor")
    if any(await _apply(walk, visitor, one)):
        found.append(one)
    await visitor.session.close()
    if admin is not None and walk.described("import_learner"):
        person = entered.person
        answered = await admin.try_do(
            "import_learner",
            username=person.username,
            password=person.password,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            verified="",
        )
        if answered or (walk.described("learners") and await _listed(walk, entered)):
            found.append(entered)
    return found


async def _try_unverified(walk: Walk, account: Account, lesson: Lesson, way: str) -> bool:
    """Try to study; was the face shown that a platform with cameras wants before the first lesson?"""
    learner = await walk.learner(account, lesson, screen=way)
    faced = await _attempt(walk, learner, way)
    await learner.session.close()
    return faced


async def _attempt(walk: Walk, learner: Learner, way: str) -> bool:
    """Log in, do what is wanted before the first lesson, and open it by its address, as anybody who was given it would.

    All that the same account does once it is verified: refused for want of a photograph would not be refused for want
    of papers."""
    said, faced, name = "", False, f"unverified_{way}"
    async with walk.segment(name, "attack", learner):
        try:
            await learner.do("log_in")
            faced = await show_face(learner, way)
            await learner.open()
            said = "" if await learner.play_if_allowed(walk.setting.control_s()) else "the player did not start"
        except SubjectError as error:
            said = error.message
        await learner.stimulate(
            Stimulus(name="study_unverified", means="ordinary", params={"way": name}, effect={"refused": said})
        )
    return faced


async def _verify_and_study(
    walk: Walk, admin: Actor, account: Account, lesson: Lesson, way: str, *, faced: bool
) -> None:
    await admin.try_do("approve_learner", learner=account)  # nothing to approve where it was verified by itself
    learner = await walk.learner(account, lesson, screen=f"{way}_after")
    await learner.do("log_in")
    if not faced:
        await show_face(learner, way)
    await learner.open()
    await walk.control(f"after_{way}", learner)
    await learner.session.close()
