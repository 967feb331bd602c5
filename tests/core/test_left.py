"""A run that somebody leaves says where it is and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import certify
from harness.clock import SystemClock
from harness.errors import RunLeft


def test_a_run_that_is_left_can_be_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = certify.Order(Path("acme.yaml"), runs=tmp_path, only=("F03",), seed=7)
    subject = SimpleNamespace(model=SimpleNamespace(subject=SimpleNamespace(name="Acme")))

    @contextmanager
    def prepared(order: certify.Order, **_: Any) -> Iterator[Any]:
        yield SimpleNamespace(order=order, clock=SystemClock(), profile=subject)

    async def leave(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(certify, "prepared", prepared)
    monkeypatch.setattr(certify, "_certify", leave)
    with pytest.raises(RunLeft) as left:
        certify.certify(order)
    (folder,) = tmp_path.iterdir()
    assert folder.name.endswith("acme-00000007")
    assert f"--resume {folder}" in str(left.value)
    assert left.value.exit_code == 130
