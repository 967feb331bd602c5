"""Invented identities: well-formed where they should be, and wrong in exactly one way where they should be."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.identity import Inventor, check_digit, of_fifteen, resident_number, wrong_check_digit

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_check_digit_of_the_standards_own_examples(number: str) -> None:
    assert check_digit(number[:17]) == number[17]


@given(st.dates(date(1940, 1, 1), date(2020, 1, 1)), st.integers(0, 999))
def test_a_changed_check_digit_is_wrong_and_nothing_else_is(born: date, serial: int) -> None:
    number = resident_number(f"{born:%Y%m%d}", serial)
    other = wrong_check_digit(number)
    assert other[:17] == number[:17]
    assert other[17] != check_digit(number[:17])
    assert of_fifteen(number) == f"999999{born:%y%m%d}{serial:03d}"


@given(st.integers())
def test_nobody_is_invented_twice(seed: int) -> None:
    inventor = Inventor(random.Random(seed), TODAY)
    people = [inventor.person(ends_in="X" if n % 3 == 0 else "") for n in range(15)]
    for part in ("username", "id_number", "phone"):
        assert len({getattr(person, part) for person in people}) == len(people)
    assert all(person.id_number.startswith("999999") for person in people)
    assert all(person.id_number.endswith("X") for person in people[::3])
    again = Inventor(random.Random(seed), TODAY)
    assert again.person(ends_in="X") == people[0]


@pytest.mark.parametrize(("age", "year"), [(12, 2014), (108, 1918)])
def test_of_the_age_that_is_wanted(age: float, year: int) -> None:
    person = Inventor(random.Random(1), TODAY).person(age=age)
    assert int(person.id_number[6:10]) == year


def test_something_left_out() -> None:
    person = Inventor(random.Random(1), TODAY).person()
    assert person.without("name").name == ""
    assert person.without("name").id_number == person.id_number
