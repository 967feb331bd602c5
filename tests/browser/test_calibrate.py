"""The calibration plays real windows until one falls behind."""

from __future__ import annotations

import pytest

from harness.browser import calibrate
from harness.browser.launch import BrowserPool

pytestmark = pytest.mark.browser


@pytest.mark.slow
async def test_windows_are_added_and_their_pace_is_told(pool: BrowserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate, "STEPS", (1, 2))
    said: list[str] = []
    found = await calibrate.calibrate(pool, 1, said.append, step_s=6.0)
    assert [windows for windows, _, _ in found] in ([1], [1, 2])  # a busy machine ends it early
    assert len(said) == len(found)
    assert all(0.0 <= rate < 1.2 for _, rate, _ in found)
    assert found[0][1] > 0.3
