"""Which browser there is: XUNJIAN_BROWSER, Playwright's own, or one that the system has."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> Path | None:
    """Path of a Chromium, or None."""
    named = os.environ.get("XUNJIAN_BROWSER")
    if named:
        return Path(named) if Path(named).is_file() else None
    own = _playwrights_own()
    if own is not None:
        return own
    return next((Path(found) for name in NAMES if (found := shutil.which(name))), None)


def _playwrights_own() -> Path | None:
    base = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(base)] if base else [Path.home() / ".cache" / "ms-playwright"]
    for folder in folders:
        # The newest revision wins; headless shells have no camera and no media codecs of their own.
        for chrome in sorted(folder.glob("chromium-*/chrome-*/chrome"), reverse=True):
            if os.access(chrome, os.X_OK):
                return chrome
    return None


def main() -> int:
    """Print the browser's path; exit 1 when there is none."""
    found = find_browser()
    if found is not None and "--quiet" not in sys.argv:
        print(found)
    return 0 if found is not None else 1


if __name__ == "__main__":
    sys.exit(main())
