"""Results kept as JSON lines, appended as they come: what was killed in between goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

from harness.errors import UsageError
from harness.model.values import Frozen

M = TypeVar("M", bound=Frozen)


class Lines(Generic[M]):
    """A file of results of one kind. Nothing is ever taken out of it."""

    def __init__(self, file: Path, kind: type[M]) -> None:
        """Raises UsageError when there is another file in its place."""
        self.file = file
        self.all: list[M] = []
        file.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text("utf-8") if file.exists() else ""
        self._cut_off = bool(text) and not text.endswith("\n")
        for number, line in enumerate(text.splitlines(), 1):
            try:
                self.all.append(kind.model_validate_json(line))
            except ValueError:
                if number == 1 and not line.startswith("{"):
                    raise UsageError(
                        "not a file of results",
                        where=str(file),
                        got=line[:60],
                        expected="JSON lines",
                        hint="Name another folder.",
                    ) from None
                continue  # cut off while it was written, and made once more; or of a version that kept other things

    def put(self, result: M) -> None:
        """Keep it, on a line of its own."""
        self.all.append(result)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(("\n" if self._cut_off else "") + result.model_dump_json() + "\n")
        self._cut_off = False
