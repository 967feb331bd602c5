"""Where reading the record takes longer than the idle lock waits, what is forged meanwhile must not come behind it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.selftest.stage import Stage, perform

READING_S = 2.0
"""What a reading takes on a busy machine; two of them come after each attack, and the idle lock waits for 10 s."""
TOLERANCE_S = 5.0


@pytest.mark.parametrize("attempt", [1, 5])
def test_whatever_comes_last_is_paid_where_every_report_is(attempt: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In these attempts three attacks that earn nothing come between the two that do."""
    read = Stage.read

    async def slowly(*given: Any, **more: Any) -> Any:
        await asyncio.sleep(READING_S)
        return await read(*given, **more)

    monkeypatch.setattr(Stage, "read", slowly)
    walk = perform("F05.forged", ["f05-every-report-pays"], attempt)
    earned = {name: walk.segments[name].gained_s(60.0) or 0.0 for name in ("replayed", "backwards")}
    assert min(earned.values()) > TOLERANCE_S, earned
