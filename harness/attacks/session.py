"""Being in two places without logging in twice: what a browser is logged in with, carried to another one."""

from __future__ import annotations

from typing import Any

from harness.browser.session import Screen
from harness.model.observation import Stimulus


async def copy_session(screen: Screen) -> tuple[dict[str, Any], Stimulus]:
    """Cookies, local and session storage, for `storage=` of a new window; and what there was to copy."""
    copied = await screen.storage()
    local = sum(len(origin.get("localStorage", ())) for origin in copied.get("origins", ()))
    return copied, Stimulus(
        name="copy_session",
        means="tool",
        effect={
            "cookies": len(copied.get("cookies", ())),
            "local_items": local,
            "session_items": len(copied["session_storage"]["items"]),
        },
    )
