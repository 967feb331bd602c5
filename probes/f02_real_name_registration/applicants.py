"""Who applies: invented people, right ones and wrong ones. A later stage of the run invents the same ones again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from harness.errors import Unsupported
from harness.identity import Identity, Inventor, of_fifteen, wrong_check_digit
from harness.platform.profile import Account
from harness.platform.secrets import Secret
from harness.stages import left_for_approval
from harness.view import WalkView
from harness.walk import Walk

if TYPE_CHECKING:
    from harness.browser.parts import File
    from harness.camera.people import Person

UNBORN = "19900230"
"""A thirtieth of February."""
CHILD_YEARS, ANCIENT_YEARS = 12.0, 108.0
CONTROLS = ("valid", "valid_after")
"""The first and the last to apply with valid papers: who lets both in has worked through what lies between."""
BARE = "no_portrait"
REGISTERED, IMPORTED = "registered", "imported"
"""Ways into the platform: on one's own, and entered by the institution without having been verified."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies, and what the case is."""

    case: str
    person: Identity
    invented_on: date

    @property
    def valid(self) -> bool:
        """Nothing is wrong with the application."""
        return self.case.startswith("valid")


def applicants(walk: Walk) -> list[Applicant]:
    """Everybody who applies in a walk, in this order. Raises Unsupported where nobody may be invented."""
    return _applicants(_dice(walk), walk.clock.utc().date())


def newcomers(walk: Walk) -> list[Applicant]:
    """Who registers, and who is entered by the institution. Raises Unsupported where nobody may be invented."""
    return _newcomers(_dice(walk), walk.clock.utc().date())


def applicants_of(walk: Walk, earlier: WalkView) -> list[Applicant]:
    """Those of `applicants` whom an earlier walk of the run left to be approved."""
    return _left(earlier, _applicants(walk.chance_of(earlier, "people"), _day(earlier)))


def newcomers_of(walk: Walk, earlier: WalkView) -> list[Applicant]:
    """Those of `newcomers` whom an earlier walk of the run left to be approved."""
    return _left(earlier, _newcomers(walk.chance_of(earlier, "people"), _day(earlier)))


def _dice(walk: Walk) -> random.Random:
    source = walk.platform.profile.model.identity_source
    if source == "consenting_staff":
        raise Unsupported(
            "identities may not be invented on this platform",
            where="identity_source",
            got=source,
            expected="vendor_sandbox or generated",
        )
    return walk.chance("people")


def _day(earlier: WalkView) -> date:
    """Birthdays are counted from the day on which people were invented."""
    left = left_for_approval(earlier)
    return date.fromisoformat(str(left[0].params["invented_on"]) if left else earlier.started.utc[:10])


def _left(earlier: WalkView, those: list[Applicant]) -> list[Applicant]:
    left = {str(s.params["case"]) for s in left_for_approval(earlier)}
    return [one for one in those if one.case in left]


def _newcomers(dice: random.Random, today: date) -> list[Applicant]:
    inventor = Inventor(dice, today)
    return [Applicant(way, inventor.person(), today) for way in (REGISTERED, IMPORTED)]


def _applicants(dice: random.Random, today: date) -> list[Applicant]:
    return [Applicant(case, person, today) for case, person in _cases(Inventor(dice, today))]


def _cases(inventor: Inventor) -> Iterator[tuple[str, Identity]]:
    """Two valid people around those who should be refused, one without a picture among them; and a valid number in
    small letters.

    A platform that takes nobody any more proves nothing by refusing.
    """
    control = inventor.person(ends_in="X")
    yield "valid", control
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
    after, bare = inventor.person(), inventor.person()
    yield BARE, bare
    yield "valid_after", after


def _with_number(person: Identity, number: str) -> Identity:
    return Identity(person.username, person.password, person.name, number, person.phone)


def account_of(walk: Walk, one: Applicant) -> Account:
    """The account that a person applied for; before a camera it is the first of the run's test persons."""
    person = one.person
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


def photograph(walk: Walk) -> File:
    """A picture to hand in: of the test person where there is one, else of nobody in particular."""
    from harness.browser.parts import File
    from harness.camera.picture import placeholder

    sitter = _sitter(walk)
    return File("portrait.jpg", placeholder() if sitter is None else sitter.enrol, "image/jpeg")
