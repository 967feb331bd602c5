"""Register as nobody, in every way that should and should not work; and study before being verified."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.errors import SubjectError, Unsupported
from harness.identity import Identity, Inventor, of_fifteen, wrong_check_digit
from harness.model.observation import Stimulus
from harness.platform.profile import Account, Lesson
from harness.platform.secrets import Secret
from harness.walk import Actor, Learner, Walk

if TYPE_CHECKING:
    from harness.browser.parts import File
    from harness.camera.people import Person

UNBORN = "19900230"
"""A thirtieth of February."""
CHILD_YEARS, ANCIENT_YEARS = 12.0, 108.0


async def register(walk: Walk) -> None:
    """Valid applications before and after those that should be refused: a platform that takes none any more proves
    nothing by refusing the others.
    """
    inventor = _inventor(walk)
    visitor = await walk.actor("visitor")
    photo = _photograph(walk)
    control = inventor.person(ends_in="X")
    if not await _apply(walk, visitor, "valid", control, photo):
        return
    await _masked(walk, control)
    for name, person in _cases(inventor, control):
        await _apply(walk, visitor, name, person, photo)
    await _apply(walk, visitor, "valid_after", inventor.person(), photo)
    bare = inventor.person()
    if await _apply(walk, visitor, "no_portrait", bare, None):
        await _study_without_portrait(walk, bare)


def _inventor(walk: Walk) -> Inventor:
    """Raises Unsupported where the test persons are real: nobody may be invented there."""
    source = walk.platform.profile.model.identity_source
    if source == "consenting_staff":
        raise Unsupported(
            "identities may not be invented on this platform",
            where="identity_source",
            got=source,
            expected="vendor_sandbox or generated",
        )
    return Inventor(walk.rng, walk.clock.utc().date())


def _cases(inventor: Inventor, control: Identity) -> Iterator[tuple[str, Identity]]:
    """What should be refused, and a valid number in small letters that should not."""
    small = inventor.person(ends_in="X")
    yield "valid_small_x", _with_number(small, small.id_number.lower())
    yield "no_name", inventor.person().without("name")
    yield "no_id_number", inventor.person().without("id_number")
    person = inventor.person()
    yield "wrong_check_digit", _with_number(person, wrong_check_digit(person.id_number))
    yield "impossible_birthday", inventor.person(born=UNBORN)  # another one at each attempt: it may have been taken
    person = inventor.person()
    yield "fifteen_digits", _with_number(person, of_fifteen(person.id_number))
    yield "duplicate", _with_number(inventor.person(), control.id_number)
    yield "duplicate_small_x", _with_number(inventor.person(), control.id_number.lower())
    yield "child", inventor.person(age=CHILD_YEARS)
    yield "ancient", inventor.person(age=ANCIENT_YEARS)


def _with_number(person: Identity, number: str) -> Identity:
    return Identity(person.username, person.password, person.name, number, person.phone)


async def _apply(walk: Walk, visitor: Actor, case: str, person: Identity, photo: File | None) -> bool:
    """Apply once; was it taken, by the page's word or by the list of accounts?"""
    answered = await visitor.try_do(
        "register",
        username=person.username,
        password=person.password,
        name=person.name,
        id_number=person.id_number,
        phone=person.phone,
        portrait=photo or "",
    )
    row = await _listed(walk, person)
    await visitor.stimulate(
        Stimulus(
            name="register",
            means="ordinary",
            params={"case": case, "identity_source": walk.platform.profile.model.identity_source},
            effect={
                "answered": answered,
                "listed": None if row is None else bool(row),
                "remark": (row or {}).get("remark", ""),
            },
        )
    )
    return answered or bool(row)


async def _listed(walk: Walk, person: Identity) -> dict[str, str] | None:
    """The account's row in the list, empty when there is none; None when the list can't be read."""
    table = await walk.read_table("learners", learner=_account(walk, person))
    if table is None:
        return None
    return next((row for row in table.rows if row.get("username", person.username) == person.username), {})


async def _masked(walk: Walk, person: Identity) -> None:
    """Does the list of accounts show the whole number? Looked at before the ledger masks it."""
    row = await _listed(walk, person)
    shown = (row or {}).get("id_number")
    effect = {"shown": None if shown is None else bool(shown), "in_full": shown is not None and _whole(person, shown)}
    walk.note(Stimulus(name="look_at_number", means="ordinary", effect=effect))


def _whole(person: Identity, shown: str) -> bool:
    return person.id_number.lower() in shown.lower()


def _account(walk: Walk, person: Identity) -> Account:
    """The account that a person applied for; before a camera it is the first of the run's test persons."""
    attributes = {"id_number": person.id_number, "phone": person.phone}
    sitter, persons = _sitter(walk), walk.platform.profile.model.persons
    if sitter is not None and persons is not None:
        attributes[persons.named_by] = sitter.id
    return Account(
        id=person.username,
        role="learner",
        username=person.username,
        secret=Secret(person.password),
        name=person.name,
        attributes=attributes,
    )


def _sitter(walk: Walk) -> Person | None:
    """Who sits before the camera for everybody that is invented; None where the run has no cameras."""
    studio = walk.platform.studio
    return None if studio is None else next(iter(studio.people.values()))


def _photograph(walk: Walk) -> File:
    """A picture to hand in: of the test person where there is one, else of nobody in particular."""
    from harness.browser.parts import File
    from harness.camera.picture import placeholder

    sitter = _sitter(walk)
    return File("portrait.jpg", placeholder() if sitter is None else sitter.enrol, "image/jpeg")


async def _study_without_portrait(walk: Walk, person: Identity) -> None:
    """Registered without a portrait: is one asked for before the first study?"""
    admin = await walk.actor("admin")
    await admin.do("log_in")
    lesson = walk.platform.profile.lessons[0]
    await admin.do("enrol", learner=_account(walk, person), course=lesson.course)
    await admin.try_do("approve_learner", learner=_account(walk, person))
    learner = await walk.learner(_account(walk, person), lesson, screen="bare")
    if learner.session.camera is not None and walk.described("consent"):
        await learner.try_do("log_in")
        await learner.try_do("consent")
    await _attempt(walk, learner, "without_portrait")


async def unverified(walk: Walk) -> None:
    """Two accounts that nobody verified, each by its own way, try the address of a lesson; verified, they study it."""
    inventor = _inventor(walk)
    admin = await walk.actor("admin")
    await admin.do("log_in")
    lesson = walk.platform.profile.lessons[0]
    accounts = await _newcomers(walk, admin, inventor)
    for account in accounts.values():
        await admin.do("enrol", learner=account, course=lesson.course)
    for way, account in accounts.items():
        learner = await walk.learner(account, lesson, screen=way)
        await _attempt(walk, learner, f"unverified_{way}")
        await learner.session.close()
    for way, account in accounts.items():
        await _verify_and_study(walk, admin, account, lesson, way)


async def _newcomers(walk: Walk, admin: Actor, inventor: Inventor) -> dict[str, Account]:
    visitor = await walk.actor("visitor")
    found: dict[str, Account] = {}
    person = inventor.person()
    if await _apply(walk, visitor, "valid", person, _photograph(walk)):
        found["registered"] = _account(walk, person)
    await visitor.session.close()
    if walk.described("import_learner"):
        person = inventor.person()
        entered = await admin.try_do(
            "import_learner",
            username=person.username,
            password=person.password,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            verified="",
        )
        row = await _listed(walk, person) if walk.described("learners") else None
        if entered or row:
            found["imported"] = _account(walk, person)
    return found


async def _attempt(walk: Walk, learner: Learner, name: str) -> None:
    """Log in and open the lesson by its address, as anybody who was given it would."""
    said = ""
    async with walk.segment(name, "attack", learner):
        try:
            await learner.enter()
            said = "" if await learner.play_if_allowed(walk.setting.control_s()) else "the player did not start"
        except SubjectError as error:
            said = error.message
        await learner.stimulate(
            Stimulus(name="study_unverified", means="ordinary", params={"way": name}, effect={"refused": said})
        )


async def _verify_and_study(walk: Walk, admin: Actor, account: Account, lesson: Lesson, way: str) -> None:
    await admin.try_do("approve_learner", learner=account)  # nothing to approve where it was verified by itself
    learner = await walk.learner(account, lesson, screen=f"{way}_after")
    await learner.do("log_in")
    if learner.session.camera is not None:
        # Who registered has handed in a portrait; whom the institution entered has not.
        for action in ("consent",) if way == "registered" else ("consent", "enrol_face"):
            if walk.described(action):
                await learner.try_do(action)
    await learner.open()
    await walk.control(f"after_{way}", learner)
    await learner.session.close()
