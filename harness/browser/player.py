"""Media truth: what the learner's player is really doing, read from the media element itself."""

from __future__ import annotations

from typing import Any

from harness.browser.session import Screen
from harness.errors import AuthorizationError, StepFailed
from harness.model.values import MediaSample

SAMPLE = """(el) => {
  let played = 0;
  for (let i = 0; i < el.played.length; i++) played += el.played.end(i) - el.played.start(i);
  return {
    // A player that an attack made to lie to the page (attacks/player.js) tells us the truth under this name.
    position_s: el[Symbol.for("xunjian.position")] ?? el.currentTime,
    duration_s: Number.isFinite(el.duration) ? el.duration : null,
    rate: el.playbackRate, paused: el.paused, ended: el.ended, seeking: el.seeking,
    hidden: document.hidden, ready: el.readyState, played_s: played, muted: el.muted,
  };
}"""

SOURCE = "(el) => ({address: el.currentSrc || el.src, error: el.error ? el.error.code : null, ready: el.readyState})"
ASK = """async ([address, ms]) => {
  // The first bytes of the film, asked for as the player does.
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    const answer = await fetch(address, {headers: {Range: "bytes=0-1"}, signal: stop.signal});
    return {status: answer.status, type: (answer.headers.get("content-type") || "").split(";")[0]};
  } catch (error) {
    return {no_answer: error.name === "AbortError"};
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}"""
ANSWER_S = 10.0
"""How long a server may take for the first bytes of a film; our own timeout, never scaled."""


class Player:
    """The player of one window. Nothing is left in the page."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    async def sample(self) -> MediaSample | None:
        """One look; None when there is no media element."""
        seen = await self._screen.evaluate_in_media(SAMPLE)
        return None if seen is None else MediaSample.model_validate(seen)

    async def film(self) -> dict[str, Any]:
        """Why a film may not play: the element's error and readiness, and how its server answers for the first bytes.

        `status` and `type` where the answer can be seen, `no_answer` when none came; neither where the film is no
        address (a blob), on a host that isn't authorized, or out of the page's reach.
        """
        seen: dict[str, Any] | None = await self._screen.evaluate_in_media(SOURCE)
        if seen is None:
            return {}
        address = str(seen.pop("address") or "")
        if not address.startswith(("http://", "https://")):
            return seen
        try:
            address = self._screen.check_host(address)
            return seen | dict(await self._screen.evaluate_beside(address, ASK, [address, ANSWER_S * 1000]))
        except (AuthorizationError, StepFailed):
            return seen
