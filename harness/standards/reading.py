"""One file of a standard or an overlay: read, validated, and able to say at which line something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, NoReturn, TypeVar

import yaml
from pydantic import ValidationError

from harness.errors import StandardError
from harness.model.finding import Text
from harness.model.requirement import Source
from harness.standards.files import DocumentEntry, OverlayFile, QuoteEntry, StandardFile
from harness.standards.lines import line_of, parse

F = TypeVar("F", StandardFile, OverlayFile)


class Opened(Generic[F]):
    """A validated file with its text, for errors found later."""

    def __init__(self, path: Path, text: str, content: F) -> None:
        self.path = path
        self.text = text
        self.content: F = content

    def refuse(
        self, message: str, at: Sequence[str | int], *, got: object, expected: object, hint: str = ""
    ) -> NoReturn:
        """Raise a StandardError that names file, line and place."""
        place = ".".join(str(part) for part in at)
        raise StandardError(
            f"{place}: {message}" if place else message,
            where=f"{self.path}:{line_of(self.text, at)}",
            got=got,
            expected=expected,
            hint=hint,
        )


def read(path: Path, kind: type[F]) -> Opened[F]:
    """Read and validate a file. Raises StandardError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StandardError(
            "cannot be read", where=str(path), got=f"{type(error).__name__}: {error}", expected="a UTF-8 YAML file"
        ) from error
    try:
        raw = parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise StandardError(
            "is not valid YAML", where=where, got=getattr(error, "problem", None) or str(error), expected="YAML"
        ) from error
    try:
        return Opened(path, text, kind.model_validate(raw))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = [part for part in first["loc"] if isinstance(part, str | int)]
        got = "nothing" if first["type"] == "missing" else repr(first["input"])
        expected = "no such key" if first["type"] == "extra_forbidden" else first["msg"]
        more = error.error_count() - 1
        raise StandardError(
            ".".join(str(part) for part in at) or "the file",
            where=f"{path}:{line_of(text, at)}",
            got=got if len(got) <= 80 else got[:77] + "...",
            expected=expected,
            hint=f"{more} more of this kind follow." if more else "",
        ) from error


def sources(
    opened: Opened[F],
    names: Sequence[str],
    at: Sequence[str | int],
    documents: dict[str, DocumentEntry],
    quotes: dict[str, QuoteEntry],
) -> tuple[Source, ...]:
    """The quotes of these names as sources. Raises StandardError for a name that is not defined."""
    found = []
    for name in names:
        quote = quotes.get(name)
        if quote is None:
            opened.refuse("unknown quote", at, got=name, expected=" or ".join(quotes) or "a key of quotes")
        document = documents.get(quote.document)
        if document is None:
            opened.refuse(
                "unknown document",
                ("quotes", name, "document"),
                got=quote.document,
                expected=" or ".join(documents) or "a key of documents",
            )
        found.append(
            Source(
                text=quote.text,
                document=Text(zh=document.zh, en=document.en),
                at=quote.at,
                quoted=document.second_hand,
                confidence=document.confidence,
            )
        )
    return tuple(found)
