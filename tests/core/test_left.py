"""A run that somebody leaves says where it is and how it goes on."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import certify, cli
from harness.clock import SystemClock
from harness.errors import RunLeft
from harness.prepare import Order


def test_a_run_that_is_left_can_be_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order(Path("acme.yaml"), runs=tmp_path, only=("F03",), seed=7)
    subject = SimpleNamespace(model=SimpleNamespace(subject=SimpleNamespace(name="Acme"), launch=None))

    @contextmanager
    def prepared(order: Order, **_: Any) -> Iterator[Any]:
        plan = SimpleNamespace(stages=lambda: (1,), attended=())
        yield SimpleNamespace(order=order, clock=SystemClock(), profile=subject, plan=plan)

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


def test_whoever_is_told_to_end_leaves_as_on_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(signal, "getsignal", lambda number: lambda *seen: told.append(seen[0]))
    cli.stop(signal.SIGTERM, None)
    assert told == [signal.SIGTERM]
    monkeypatch.setattr(signal, "getsignal", lambda number: signal.SIG_IGN)
    with pytest.raises(KeyboardInterrupt):
        cli.stop(signal.SIGTERM, None)
