"""Identities of nobody, to register with: resident numbers (GB 11643), names, telephone numbers, passwords."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

AREA = "999999"
"""An area code that has never been given out: no number that begins with it belongs to anybody."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = ("建国", "志强", "海燕", "丽华", "文博", "晓东", "春梅", "国庆", "秀英", "俊杰", "雪松", "玉兰", "思远", "明哲")
ADULT_YEARS = (25, 50)
"""Ages that no platform has a reason to doubt."""
DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person enters to register."""

    username: str
    password: str
    name: str
    id_number: str
    phone: str

    def without(self, *fields: str) -> Identity:
        """The same with some fields left empty."""
        return replace(self, **dict.fromkeys(fields, ""))


def check_digit(first17: str) -> str:
    """The eighteenth character: 0 to 9 or X."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def resident_number(born: str, serial: int) -> str:
    """A number with the right check digit for a birthday `YYYYMMDD`, which need not exist, and a serial 0 to 999."""
    first17 = f"{AREA}{born}{serial:03d}"
    return first17 + check_digit(first17)


def wrong_check_digit(number: str) -> str:
    """The same number with another digit at its end."""
    return number[:17] + next(digit for digit in "0123456789" if digit != number[17])


def of_fifteen(number: str) -> str:
    """The number as it was written before 1999: two digits of the year, no check digit. No longer valid since 2013."""
    return number[:6] + number[8:17]


class Inventor:
    """Invents people, the same for the same dice; no two of one inventor share anything."""

    def __init__(self, dice: random.Random, today: date) -> None:
        self._dice = dice
        self._today = today
        self._made = 0
        self._base = dice.randrange(10**6)

    def person(self, *, age: float | None = None, born: str | None = None, ends_in: str = "") -> Identity:
        """Somebody new: of an ordinary age unless `age` (years) or `born` (YYYYMMDD) says otherwise.

        `ends_in` X or a digit: a number with that check digit.
        """
        self._made += 1
        place = (self._base + self._made) % 10**6
        years = self._dice.uniform(*ADULT_YEARS) if age is None else age
        day = born or f"{self._today - timedelta(days=round(years * DAYS_PER_YEAR)):%Y%m%d}"
        start = self._dice.randrange(1000)
        numbers = (resident_number(day, (start + n) % 1000) for n in range(1000))
        number = next(one for one in numbers if not ends_in or one.endswith(ends_in))
        return Identity(
            username=f"xunjian{place:06d}",
            password=f"Xj{place:06d}check",
            name=self._dice.choice(SURNAMES) + self._dice.choice(GIVEN),
            id_number=number,
            phone=f"13{self._dice.randrange(10)}00{place:06d}",
        )
