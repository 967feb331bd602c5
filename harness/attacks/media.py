"""Fast-forwarding: by keys as anybody can, and by script (currentTime, playbackRate) as cheats do.

Where the page signs its reports, the page is lied to and signs the lie: its clock, or its player, runs too fast.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

from harness.browser.player import Player
from harness.browser.session import Screen
from harness.model.observation import Means, Stimulus

SEEK = "(el, to) => { el.currentTime = to; el.play().catch(() => 0); return true; }"
FOCUS = """(el) => {
  el.focus();
  if (el.getRootNode().activeElement !== el) {  // without controls a video takes no focus, whatever its tabIndex says
    el.setAttribute("tabindex", "-1");
    el.focus();
  }
  return true;
}"""
HERE = Path(__file__).parent
UNGUARD = (HERE / "unguard.js").read_text(encoding="utf-8").strip()
CLOCK = (HERE / "clock.js").read_text(encoding="utf-8").strip()
PLAYER = (HERE / "player.js").read_text(encoding="utf-8").strip()
AFTER_S = 0.7
"""A player that sets the position back does so within this time; it is looked at before and after."""


async def _position(screen: Screen) -> float | None:
    seen = await Player(screen).sample()
    return None if seen is None else round(seen.position_s, 2)


async def observed(name: str, means: Means, screen: Screen, before: float | None, **params: float) -> Stimulus:
    """A seek stimulus with the positions before, at once, and a moment later."""
    at_once = await _position(screen)
    await asyncio.sleep(AFTER_S)
    return Stimulus(
        name=name,
        means=means,
        params={**params, "from_s": before},
        effect={"at_once_s": at_once, "later_s": await _position(screen)},
    )


async def seek_by_script(screen: Screen, to_s: float, *, repeat: int = 3) -> Stimulus:
    """Set currentTime; where the page sets it back, set it again, as cheats do every 800 ms."""
    before = await _position(screen)
    for _ in range(repeat):
        await screen.evaluate_in_media(SEEK, to_s)
        await asyncio.sleep(0.8)
        now = await _position(screen)
        if now is not None and now >= to_s - 2:
            break
    return await observed("seek_by_script", "tool", screen, before, to_s=to_s, repeat=repeat)


async def seek_by_keys(screen: Screen, *, key: str = "ArrowRight", presses: int = 20) -> Stimulus:
    """Focus the player and press a key many times."""
    before = await _position(screen)
    await screen.evaluate_in_media(FOCUS)
    for _ in range(presses):
        await screen.press(key)
        await asyncio.sleep(0.05)
    return await observed(f"key_{key}", "ordinary", screen, before, presses=presses)


async def hold_rate(screen: Screen, rate: float, seconds: float, *, every_s: float = 1.0) -> Stimulus:
    """Set playbackRate by script and, where the page sets it back, set it again, for some seconds."""
    before = await _position(screen)
    set_again = 0
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        changed = await screen.evaluate_in_media(
            """(el, rate) => {
              if (el.ended) return "ended";
              const other = el.playbackRate !== rate;
              if (other) el.playbackRate = rate;
              if (el.paused) el.play().catch(() => 0);
              return other ? "set" : "kept";
            }""",
            rate,
        )
        set_again += changed == "set"
        if changed == "ended":
            break
        await asyncio.sleep(every_s)
    after = await Player(screen).sample()
    return Stimulus(
        name=f"rate_{rate:g}_by_script",
        means="tool",
        params={"rate": rate, "seconds": seconds, "from_s": before},
        effect={
            "times_set": set_again,
            "later_s": None if after is None else round(after.position_s, 2),
            "rate_seen": None if after is None else after.rate,
            "ended": None if after is None else after.ended,
        },
    )


async def unguard(screen: Screen) -> Stimulus:
    """Take away what blocks seeking on the page's side: listeners, hidden controls, flags and attributes.

    It stays until the page is loaded anew.
    """
    turned = await screen.values_everywhere(UNGUARD)
    return Stimulus(name="unguard", means="tool", effect={"frames": len(turned), "flags_turned": sum(turned)})


async def patch_clock(screen: Screen, factor: float) -> Stimulus:
    """From now on every page of this window's context has clocks and timers that run `factor` times as fast.

    A page takes up its timers when it is loaded: open the lesson anew after this.
    """
    start = time.time() * 1000
    await screen.add_init_script(f"({CLOCK})({json.dumps({'factor': factor, 'start': start})})")
    return Stimulus(name="patch_clock", means="tool", params={"factor": factor})


async def patch_player(screen: Screen, rate: float) -> Stimulus:
    """From now on every page of this window's context is told a position that advances `rate` times too fast.

    What the page then reports, it signs itself. Open the lesson anew after this; our own samples stay true.
    """
    await screen.add_init_script(f"({PLAYER})({json.dumps(rate)})")
    return Stimulus(name="patch_player", means="tool", params={"rate": rate})
