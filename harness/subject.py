"""Starting a subject of our own (the profile's `launch`), and stopping it by its pid when the run is over."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError

START_TIMEOUT_S = 300.0
"""The first start may install and encode; later ones take seconds."""
STOP_TIMEOUT_S = 25.0


def launch_values(*, scale: float = 1.0, camera: bool = False) -> dict[str, str]:
    """What the placeholders of a profile's `launch` mean: time_scale, defects, camera (on or off) and people.

    A subject of our own may leave its camera off where nothing in the run is about faces: nobody is then asked for
    one, and no window pays for a camera. XUNJIAN_DEFECTS, XUNJIAN_CAMERA and XUNJIAN_PEOPLE say otherwise.
    """
    return {
        "time_scale": f"{scale:g}",
        "defects": os.environ.get("XUNJIAN_DEFECTS", ""),
        "camera": os.environ.get("XUNJIAN_CAMERA") or ("on" if camera else "off"),
        "people": os.environ.get("XUNJIAN_PEOPLE") or "fixtures/personas/people",
    }


@dataclass(frozen=True, slots=True)
class Launched:
    """A running subject: what it said about itself, and the file that holds it."""

    description: dict[str, Any]
    file: Path
    pid: int


@contextlib.contextmanager
def launched(argv: Sequence[str], *, values: dict[str, str]) -> Iterator[Launched]:
    """Start a subject, wait for the one line of JSON in which it describes itself, stop it at the end.

    `{name}` in an argument becomes its value; `python` means this interpreter. Raises UsageError when it ends or
    says something else.
    """
    command = [sys.executable if part == "python" else part.format(**values) for part in argv]
    shown = " ".join(argv)
    with tempfile.TemporaryDirectory(prefix="xunjian-subject-") as folder:
        errors = Path(folder) / "stderr.txt"
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=stderr, stdin=subprocess.DEVNULL, start_new_session=True
            )
        try:
            line = _first_line(process)
            description = _parse(line, shown, errors, process)
            file = Path(folder) / "subject.json"
            file.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
            yield Launched(description, file, process.pid)
        finally:
            _stop(process)


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(process.stdout.readline()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    reader.join(START_TIMEOUT_S)
    return got[0] if got else b""


def _parse(line: bytes, shown: str, errors: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    try:
        description = json.loads(line)
        if isinstance(description, dict) and "base_url" in description:
            return description
    except ValueError:
        pass
    said = errors.read_text(errors="replace").strip().splitlines()[-3:]
    raise UsageError(
        "the subject did not describe itself",
        where=f"launch: {shown}",
        got=(line[:120].decode(errors="replace").strip() or " / ".join(said) or f"exit {process.poll()}"),
        expected='one line of JSON with "base_url"',
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
