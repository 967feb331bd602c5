"""The packs of `selftest --full`, every requirement against each: what FAILs is what its members violate or imply.

A surprise in a browser has every member certified alone, fifteen whole rehearsals; here it shows within two minutes.
"""

from __future__ import annotations

import pytest

from fixtures.refplatform.defects.catalogue import ENTRIES
from harness.model.outcome import Outcome
from harness.selftest.catalogue import read_catalogue
from harness.selftest.packing import Pack, pack
from tests.selftest import office, stage, test_faces, test_matrix, test_office_matrix
from tests.selftest.cameras import on_camera

OFFICE = (*test_office_matrix.REQUIREMENTS, *test_office_matrix.BESIDES)
LESSONS = tuple(name for name in test_matrix.REQUIREMENTS if name not in OFFICE)
FACES = tuple(test_faces.FED_BY)
DEFECTS = [e for e in read_catalogue(ENTRIES) if "spa" in e.fronts and e.kind != "decoy"]
PACKS = [p for p in pack(DEFECTS, cameras_apart=False) if len(p.entries) > 1]


def certified(together: Pack) -> dict[str, Outcome]:
    """Of the two stages: with administrators and papers, and that of lessons, with cameras where the pack has them."""
    found = office.certified(OFFICE, together.ids)
    if any(e.plain for e in together.entries):
        return found | stage.certified(LESSONS, together.ids)
    with on_camera():
        return found | stage.certified((*LESSONS, *FACES), together.ids)


@pytest.mark.slow
@pytest.mark.parametrize("together", [pytest.param(p, id=f"{place:02}-{p.ids[0]}") for place, p in enumerate(PACKS)])
def test_what_fails_is_what_its_members_explain(together: Pack) -> None:
    found = certified(together)
    failed = {name for name, outcome in found.items() if outcome is Outcome.FAIL}
    assert failed - together.affected == set()
    assert {e.violates for e in together.entries if e.violates in found} - failed == set()
