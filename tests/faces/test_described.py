"""Test persons' own pictures are described once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from harness.faces import described as module
from harness.faces.compare import Face, Image
from harness.faces.described import FOLDER_ENV, described

PICTURE: Image = np.full((4, 6, 3), 7, np.uint8)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Image]:
    """Every picture that the engine was given."""
    given: list[Image] = []

    def faces(image: Image) -> list[Face]:
        given.append(image)
        return [Face((1, 2, 3, 4), np.array([0.1, 1 / 3], np.float64))]

    monkeypatch.setattr(module, "faces", faces)
    monkeypatch.setattr(module, "_known", {})
    monkeypatch.delenv(FOLDER_ENV, raising=False)
    return given


def in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_known", {})


def test_a_process_describes_a_picture_once(looked: list[Image]) -> None:
    assert described(PICTURE) == described(PICTURE.copy())
    assert len(looked) == 1
    described(PICTURE.reshape(6, 4, 3))
    described(PICTURE + np.uint8(1))
    assert len(looked) == 3


def test_no_other_run_knows_of_it(looked: list[Image], monkeypatch: pytest.MonkeyPatch) -> None:
    described(PICTURE)
    in_another_process(monkeypatch)
    described(PICTURE)
    assert len(looked) == 2


def test_the_runs_of_one_self_test_do(looked: list[Image], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_ENV, str(tmp_path / "faces"))
    (first,) = described(PICTURE)
    in_another_process(monkeypatch)
    (then,) = described(PICTURE)
    assert len(looked) == 1
    assert then.box == first.box
    assert np.array_equal(then.encoding, first.encoding)  # to the last bit
    in_another_process(monkeypatch)
    monkeypatch.setattr(module, "_versions", lambda: "another engine")
    described(PICTURE)
    assert len(looked) == 2
    assert all(path.suffix == ".json" for path in (tmp_path / "faces").iterdir())
