"""Pretending that somebody is there: synthetic events, answered prompts, a window that is always in front; and tearing
off what covers the player.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from harness.browser.session import Screen
from harness.model.observation import Stimulus

HERE = Path(__file__).parent
VISIBLE = (HERE / "visibility.js").read_text(encoding="utf-8").strip()
PROMPTS = (HERE / "prompts.js").read_text(encoding="utf-8").strip()
OWN = (HERE / "own.js").read_text(encoding="utf-8").strip()
SYNTHETIC = """() => {
  const at = {bubbles: true, clientX: 300 + Math.random() * 50, clientY: 200, key: "Shift", view: window};
  for (const target of [document, document.body, window]) {
    if (!target) continue;
    const mouse = ["mousemove", "mousedown", "mouseup", "click", "scroll"];
    for (const name of mouse) target.dispatchEvent(new MouseEvent(name, at));
    for (const name of ["keydown", "keyup"]) target.dispatchEvent(new KeyboardEvent(name, at));
    target.dispatchEvent(new Event("touchstart", {bubbles: true}));
  }
  return true;
}"""
UNCOVERED = """
  // What lies over the middle of the window and is not the player itself. A camera's own preview is no player: a face
  // check shows the learner what it films.
  const PLAYER = "video, audio, iframe, frame";
  const plays = (el) => el.matches(PLAYER) && !(el.srcObject instanceof MediaStream);
  const cover = () => {
    const top = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    let layer = null;
    for (let el = top; el && el !== document.body && el !== document.documentElement; el = el.parentElement) {
      const style = getComputedStyle(el);
      const holds = [el, ...el.querySelectorAll(PLAYER)].some(plays);
      if (!holds && (style.position === "fixed" || style.position === "absolute")) layer = el;
    }
    return layer;
  };
  const away = (take) => {
    let layers = 0;
    for (let layer; layers < 12 && (layer = cover()); layers++) take(layer);
    return layers;
  };
"""
UNCOVER = (
    "() => {"
    + UNCOVERED
    + """
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  for (const dialog of dialogs) { dialog.close(); dialog.remove(); }
  const removed = dialogs.length + away((layer) => layer.remove());
  document.documentElement.style.overflow = document.body ? (document.body.style.overflow = "") : "";
  // At once: an answer that comes in between would have the page cover its player again, out of sight.
  if (removed) [...document.querySelectorAll("video, audio")].filter(plays).forEach((el) => el.play().catch(() => 0));
  return removed;
}"""
)


async def always_visible(screen: Screen) -> Stimulus:
    """Tell the page that its window is in front, whatever happens, and let no listener hear otherwise.

    What the page registered before it was told stays; a page opened anew hears nothing from its first line on.
    """
    await screen.add_init_script(f"({VISIBLE})()")
    frames = await screen.evaluate_everywhere(VISIBLE)
    return Stimulus(name="always_visible", means="tool", effect={"frames": frames})


HIDE = (
    "() => {"
    + UNCOVERED
    + """
  // Hidden, not removed: the page goes on believing that nothing covers its player. What it shows again is hidden
  // again, before its next report: a page that knows of its check would say in it that nothing plays. Not in the
  // observer itself, which would never end if the page watches over its layer in the same way.
  return away((layer) => {
    const hide = () => {
      if (!layer.hidden) layer.hidden = true;
      if (getComputedStyle(layer).display !== "none") layer.style.setProperty("display", "none", "important");
    };
    hide();
    new MutationObserver(() => setTimeout(hide, 0)).observe(layer, {attributes: true});
  });
}"""
)
PLAY_ON = """(el) => {
  el.pause = () => undefined;  // the page can't stop it any more
  if (el.paused) el.play().catch(() => 0);
  return el.currentTime;
}"""
HIDE_EVERY_S = 0.5


async def synthetic_events(screen: Screen, seconds: float, *, every_s: float = 2.0) -> Stimulus:
    """Somebody seems to be there, again and again: untrusted mouse, key and touch events in every frame, prompts
    pressed away, and the page's own functions called.
    """
    loop = asyncio.get_running_loop()
    end, bursts, pressed, called = loop.time() + seconds, 0, 0, 0
    while loop.time() < end:
        await screen.evaluate_everywhere(SYNTHETIC)
        pressed += sum(await screen.values_everywhere(PROMPTS))
        called += sum(await screen.values_everywhere(OWN))
        bursts += 1
        await asyncio.sleep(every_s)
    return Stimulus(
        name="synthetic_events",
        means="tool",
        params={"seconds": seconds, "every_s": every_s},
        effect={"bursts": bursts, "prompts_pressed": pressed, "own_functions_called": called},
    )


async def remove_overlay(screen: Screen) -> Stimulus:
    """Remove what covers the page in every frame, and start the player by script."""
    before = await screen.evaluate_in_media("(el) => el.paused")
    removed = await screen.values_everywhere(UNCOVER)
    await screen.evaluate_in_media("(el) => { el.play().catch(() => 0); return true; }")
    await asyncio.sleep(1.0)
    after = await screen.evaluate_in_media("(el) => el.paused")
    return Stimulus(
        name="remove_overlay",
        means="tool",
        params={},
        effect={"removed": sum(removed), "frames": len(removed), "paused_before": before, "paused_after": after},
    )


async def hide_overlay(screen: Screen, seconds: float) -> Stimulus:
    """Hide what covers the page as often as it shows it again, and keep the player going against the page's will.

    What was hidden stays hidden after `seconds`, until the page is opened anew.
    """
    loop = asyncio.get_running_loop()
    end, hidden, moved = loop.time() + seconds, 0, 0.0
    first = await screen.evaluate_in_media("(el) => el.currentTime")
    while loop.time() < end:
        hidden += sum(await screen.values_everywhere(HIDE))
        now = await screen.evaluate_in_media(PLAY_ON)
        moved = max(moved, (now or 0.0) - (first or 0.0))
        await asyncio.sleep(HIDE_EVERY_S)
    return Stimulus(
        name="hide_overlay",
        means="tool",
        params={"seconds": seconds},
        effect={"hidden": hidden, "moved_s": round(moved, 1)},
    )
