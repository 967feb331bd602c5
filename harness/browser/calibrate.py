"""Playing more and more windows until one falls behind: how many this machine carries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import psutil

from harness.browser.launch import BrowserPool, Visitor
from harness.browser.session import Screen
from harness.machine import IN_TIME
from harness.model.words import counted

STEPS = (2, 3, 4, 5, 6)
"""Windows per core that are tried: 8 windows on 2 cores played in time and 12 did not (lab)."""
STEP_S = 30.0
SETTLE_S = 8.0
"""After windows were opened: their start is not what is measured."""
PLAY = """async () => {
  // A moving picture recorded by the page itself and played in a loop: what a lesson costs, without a server.
  const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 360});
  document.body.append(canvas);
  const paint = canvas.getContext("2d");
  let n = 0;
  const drawing = setInterval(() => {
    for (let i = 0; i < 40; i++) {
      paint.fillStyle = `hsl(${(n * 7 + i * 31) % 360} 70% 50%)`;
      paint.fillRect((n * 5 + i * 61) % 640, (i * 97) % 360, 90, 60);
    }
    n++;
  }, 66);
  const recorder = new MediaRecorder(canvas.captureStream(15), {mimeType: "video/webm", videoBitsPerSecond: 800000});
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const over = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  recorder.stop();
  await over;
  clearInterval(drawing);
  canvas.remove();
  const video = document.createElement("video");
  Object.assign(video, {src: URL.createObjectURL(new Blob(parts)), loop: true, muted: true});
  document.body.append(video);
  window.went = window.took = 0;
  let at = 0, when = performance.now();
  video.addEventListener("timeupdate", () => {
    const now = performance.now(), here = video.currentTime;
    if (here > at) {  // at its turn the loop begins anew: that moment is no measure
      window.went += here - at;
      window.took += (now - when) / 1000;
    }
    at = here;
    when = now;
  });
  window.video = video;
  await video.play();
}"""
LOOK = "() => [window.went, window.took, window.video.paused]"
"""Media seconds gone by, the seconds that they took, and whether it stands still."""


async def calibrate(
    pool: BrowserPool, cores: int, said: Callable[[str], None] = lambda line: None, *, step_s: float = STEP_S
) -> list[tuple[int, float, float]]:
    """Windows tried, slowest rate, busy percent; ends with the first step that falls behind. Takes at most 150 s."""
    screens: list[Screen] = []
    found: list[tuple[int, float, float]] = []
    try:
        for each in STEPS:
            began = time.monotonic()
            new = [await _open(pool) for _ in range(each * cores - len(screens))]
            screens += new
            await asyncio.gather(*(screen.evaluate(PLAY) for screen in new))
            await asyncio.sleep(min(SETTLE_S, step_s / 4))
            psutil.cpu_percent()
            before = await asyncio.gather(*(screen.evaluate(LOOK) for screen in screens))
            await asyncio.sleep(max(step_s / 3, step_s - (time.monotonic() - began)))
            after = await asyncio.gather(*(screen.evaluate(LOOK) for screen in screens))
            slowest = min(_rate(a, b) for a, b in zip(before, after, strict=True))
            found.append((len(screens), round(slowest, 3), psutil.cpu_percent()))
            said(f"{counted(len(screens), 'window')}: {slowest:.3f}x, CPU {found[-1][2]:.0f} %")
            if slowest < IN_TIME:
                break
    finally:
        for screen in screens:
            await screen.close()
    return found


async def _open(pool: BrowserPool) -> Screen:
    screen = await pool.new_screen(Visitor(), base_url="http://127.0.0.1", authorized_hosts=frozenset())
    await screen.goto("about:blank")
    return screen


def _rate(before: list[Any], after: list[Any]) -> float:
    """Media seconds for each second of the clock between two looks; 0 when nothing moved."""
    took = after[1] - before[1]
    return 0.0 if after[2] or took <= 0 else float((after[0] - before[0]) / took)
