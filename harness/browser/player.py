"""Media truth: what the learner's player is really doing, read from the media element itself."""

from __future__ import annotations

from harness.browser.session import Screen
from harness.model.values import MediaSample

SAMPLE = """(el) => {
  let played = 0;
  for (let i = 0; i < el.played.length; i++) played += el.played.end(i) - el.played.start(i);
  return {
    position_s: el.currentTime, duration_s: Number.isFinite(el.duration) ? el.duration : null,
    rate: el.playbackRate, paused: el.paused, ended: el.ended, seeking: el.seeking,
    hidden: document.hidden, ready: el.readyState, played_s: played, muted: el.muted,
  };
}"""


class Player:
    """The player of one window. Nothing is left in the page."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    async def sample(self) -> MediaSample | None:
        """One look; None when there is no media element."""
        seen = await self._screen.evaluate_in_media(SAMPLE)
        return None if seen is None else MediaSample.model_validate(seen)
