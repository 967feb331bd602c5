"""`xunjian doctor PROFILE`: tries each described action once and shows what works, with a picture where it doesn't."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from harness.assessor import at_terminal
from harness.errors import AuthorizationError
from harness.onboard.examine import Check, examine
from harness.platform.authorization import require_authorization
from harness.platform.loading import LoadedProfile, check_profile, load_profile
from harness.subject import launch_values, launched

SIGNS = {
    "works": ("✓", "green", "可用 works"),
    "not_found": ("✗", "bold red", "不可用 not found"),
    "refused": ("?", "yellow", "未接受 not accepted"),
    "not_tried": ("·", "dim", "未试 not tried"),
    "not_described": ("-", "dim", "未描述 not described"),
}


def run_doctor(path: Path, *, base_url: str | None = None, as_json: bool = False, folder: Path = Path("runs")) -> int:
    """Exit code 0 when everything described works, 1 otherwise. Pictures go to a new folder below `folder`.

    Raises UsageError for a profile that can't be loaded.
    """
    console = Console(stderr=as_json)
    with contextlib.ExitStack() as stack:
        argv = check_profile(path)[0].launch
        subject = None
        if argv and base_url is None:
            subject = stack.enter_context(launched(argv, values=launch_values(camera=True))).description
        profile = load_profile(path, base_url=base_url, subject=subject)
        album = _Album(folder / f"doctor-{path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S}")

        def report(check: Check) -> None:
            picture = album.keep(check)
            if check.status != "not_described":
                console.print(line(check, picture))

        checks = asyncio.run(_examined(profile, report))
    if as_json:
        print(json.dumps([_plain(check, album) for check in checks], ensure_ascii=False, indent=1), file=sys.stdout)
    else:
        console.print(summary(checks))
    return 1 if any(check.status == "not_found" for check in checks) else 0


async def _examined(profile: LoadedProfile, report: Any) -> list[Check]:
    from harness.browser.launch import BrowserPool
    from harness.clock import SystemClock
    from harness.platform.declarative import DeclarativePlatform
    from harness.prepare import studio_for

    try:
        require_authorization(profile, datetime.now(UTC).date())
        stimuli = True
    except AuthorizationError:
        stimuli = False  # looking on as an ordinary learner does needs none
    async with BrowserPool() as pool:
        studio = studio_for(profile, SystemClock())
        platform = DeclarativePlatform(profile, pool, ask=at_terminal(), studio=studio)
        try:
            return await examine(platform, report, stimuli=stimuli)
        finally:
            await platform.close()


def line(check: Check, picture: Path | None = None) -> Text:
    """One result for people; nothing that a platform wrote is markup."""
    sign, style, word = SIGNS[check.status]
    text = Text()
    text.append(f"{sign} ", style=style)
    text.append(f"{check.name:<26}")
    text.append(word, style=style)
    if check.took_s:
        text.append(f"  {check.took_s:.1f} s", style="dim")
    if check.message:
        text.append(f"  {check.message}")
    if picture is not None:
        text.append(f"  {picture}", style="underline")
    return text


def summary(checks: Sequence[Check]) -> str:
    """What the profile does not describe, and how many of each kind there are."""
    counts = {status: sum(check.status == status for check in checks) for status in SIGNS}
    left = ", ".join(check.name for check in checks if check.status == "not_described")
    first = f"{SIGNS['not_described'][2]}: {left}\n" if left else ""
    return first + ", ".join(f"{SIGNS[status][2]} {count}" for status, count in counts.items() if count)


def _plain(check: Check, album: _Album) -> dict[str, Any]:
    picture = album.kept.get(check.name)
    return {
        "name": check.name,
        "status": check.status,
        "message": check.message,
        "step": check.step,
        "took_s": round(check.took_s, 2),
        "picture": None if picture is None else str(picture),
    }


class _Album:
    """Pictures of what did not work; the folder is made with the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: dict[str, Path] = {}

    def keep(self, check: Check) -> Path | None:
        if check.picture is None:
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        name = "".join(c if c.isalnum() or c == "_" else "-" for c in check.name)
        path = self.folder / f"{len(self.kept) + 1:02d}-{name}.png"
        path.write_bytes(check.picture)
        self.kept[check.name] = path
        return path
