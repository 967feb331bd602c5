"""What steps are given from outside: files to upload, and codes that a program prints."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import StepFailed

if TYPE_CHECKING:
    from harness.browser.session import File

COMMAND_TIMEOUT_S = 60.0


def as_file(value: Any, folder: Path) -> File:
    """A file to upload: one that an action was given, bytes, or a path next to the profile. Raises StepFailed."""
    from harness.browser.session import File

    if isinstance(value, bytes):
        return File("file.jpg" if value.startswith(b"\xff\xd8") else "file.png", value)
    if isinstance(value, str | os.PathLike):
        path = folder / value
        try:
            return File(path.name, path.read_bytes())
        except OSError as error:
            raise StepFailed("file to upload cannot be read", got=path.name, expected=error.strerror) from error
    if hasattr(value, "name") and hasattr(value, "data"):
        return File(value.name, value.data, getattr(value, "mime", ""))
    raise StepFailed("nothing to upload", got=type(value).__name__, expected="a file, bytes or a path")


async def run_command(argv: list[str], folder: Path) -> str:
    """What a program prints, as the code to type. Raises StepFailed when it fails, hangs or prints nothing."""
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError as error:
        raise StepFailed("command does not start", got=argv[0], expected=error.strerror) from error
    try:
        async with asyncio.timeout(COMMAND_TIMEOUT_S):
            out, _ = await process.communicate()
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise StepFailed("command did not end", got=argv[0], expected=f"{COMMAND_TIMEOUT_S:g} s at most") from error
    text = out.decode(errors="replace").strip()
    if process.returncode or not text:
        raise StepFailed("command gave no code", got=f"{argv[0]}, exit {process.returncode}", expected="a code, exit 0")
    return text
