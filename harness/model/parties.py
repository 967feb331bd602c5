"""Who tests for whom, as a test report must say (ISO/IEC 17025:2017, 7.8.2.1 b, e, o)."""

from __future__ import annotations

from harness.model.values import Frozen


class Person(Frozen):
    """A party to the assessment: a laboratory, a client."""

    name: str = ""
    address: str = ""
    contact: str = ""


class Parties(Frozen):
    """Laboratory, client, assessor and reviewer; what the profile leaves out is left to be filled in by hand."""

    laboratory: Person = Person()
    client: Person = Person()
    assessor: str = ""
    reviewer: str = ""
