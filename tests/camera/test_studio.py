"""Cameras as they are opened for a run."""

from __future__ import annotations

from pathlib import Path

from harness.camera.device import LABELS, Device
from harness.camera.people import Person
from harness.camera.studio import Studio


def label(person: Person, seed: int) -> str:
    return Studio({person.id: person}, lambda: 0.0, seed).label_of(person)


def test_a_person_s_camera_keeps_its_name_all_through_a_run_and_no_longer(person: Person, other: Person) -> None:
    assert label(person, 7) == label(person, 7)
    assert {label(person, seed) for seed in range(100)} == set(LABELS)
    assert any(label(person, seed) != label(other, seed) for seed in range(9))


def test_a_browser_reads_every_name(tmp_path: Path) -> None:
    assert {Device(tmp_path, name).path.name for name in LABELS} == set(LABELS)
