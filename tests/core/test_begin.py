"""A run that goes on, goes on with what it began with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.begin import begin
from harness.errors import UsageError
from tests.storedrun import store
from tests.walkbuilder import STANDARD

HERE = "http://127.0.0.1:8000"
"""Where the stored run began."""


def ready(run: Path, at: str, *, scale: float = 1.0, launch: tuple[str, ...] | None = None, given: bool = True) -> Any:
    return SimpleNamespace(
        order=SimpleNamespace(resume=run, scale=scale, base_url=at if given else None),
        profile=SimpleNamespace(base_url=at, facts=lambda: {"digest": "5" * 64}, model=SimpleNamespace(launch=launch)),
        standard=SimpleNamespace(digest=STANDARD.digest),
    )


def test_it_goes_on_where_it_began(tmp_path: Path) -> None:
    run = store(tmp_path / "run", finished=False)
    begun = begin(ready(run, HERE))
    assert (begun.run_dir, begun.seed, [w.name for w in begun.earlier]) == (run, 7, ["F05.honest"])


def test_two_subjects_make_no_run(tmp_path: Path) -> None:
    """What one platform failed must not be tried again on another."""
    run = store(tmp_path / "run", finished=False)
    with pytest.raises(UsageError, match=r"subject's address has changed.*got http://127\.0\.0\.1:9000"):
        begin(ready(run, "http://127.0.0.1:9000"))
    assert begin(ready(run, "http://127.0.0.1:9000", launch=("serve",), given=False)).run_dir == run


def test_another_time_scale_makes_no_run(tmp_path: Path) -> None:
    run = store(tmp_path / "run", finished=False)
    with pytest.raises(UsageError, match="time scale has changed"):
        begin(ready(run, HERE, scale=30.0))
