"""run.json: written in one fixed form, so that the same result is always the same bytes; read with validation."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from harness.errors import LedgerError
from harness.model.run import RunResult
from reports.once import write_once

RUN_JSON = "run.json"
VERSION = 1


def render(result: RunResult) -> str:
    """The text of run.json: sorted keys, two spaces, UTF-8 text, no NaN, a final newline."""
    data = result.model_dump(mode="json")
    return json.dumps(data, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write(run_dir: Path, result: RunResult) -> Path:
    """Write run.json into a run's folder and return its path.

    Raises LedgerError if the run already has one: nothing in a run is ever overwritten.
    """
    return write_once(run_dir / RUN_JSON, render(result))


def read(run: Path) -> RunResult:
    """The result of a stored run, given its folder or its run.json.

    Raises LedgerError when the file is missing, is no JSON, is of another version or does not validate.
    """
    path = run / RUN_JSON if run.is_dir() else run
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LedgerError(
            "the run has no result that can be read",
            where=str(path),
            got=error.strerror or str(error),
            expected="a file",
        ) from error
    except ValueError as error:
        raise LedgerError("not JSON", where=str(path), got=str(error), expected="the result of a run") from error
    if not isinstance(data, dict):
        raise LedgerError("not the result of a run", where=str(path), got=type(data).__name__, expected="an object")
    if data.get("v") != VERSION:
        raise LedgerError("another version of run.json", where=str(path), got=data.get("v"), expected=VERSION)
    try:
        return RunResult.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        raise LedgerError(
            f"{place}: {first['msg']}", where=str(path), got=repr(first["input"])[:200], expected="a valid run.json"
        ) from error
