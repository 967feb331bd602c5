"""YAML with the line of every value, and without YAML's surprises.

`on` and `no` stay text, `12:30` is no number in base 60, a date stays text, and a key that stands twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.errors import ProfileError

Path_ = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """Only null, true, false and decimal numbers are more than text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012  PyYAML's own way


_RESOLVED = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (r"true|True|false|False", list("tTfF")),
    "tag:yaml.org,2002:int": (r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    "tag:yaml.org,2002:float": (r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?", list("-+0123456789")),
    "tag:yaml.org,2002:merge": (r"<<", ["<"]),
}
for _tag, (_pattern, _first) in _RESOLVED.items():
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), _first)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content, and where in the file each part of it is."""

    file: str
    data: Any
    lines: dict[Path_, int]

    def where(self, loc: Sequence[str | int] = ()) -> str:
        """`profiles/acme.yaml:12`: the line of the innermost part that the location names.

        Parts of the location that the file doesn't have (a union's tag, a missing key) are passed over.
        """
        path: Path_ = ()
        for part in loc:
            if (*path, part) in self.lines:
                path = (*path, part)
        return f"{self.file}:{self.lines.get(path, 1)}"


def read_yaml(path: Path) -> Document:
    """Read a file. Raises ProfileError with file and line when it can't be read or isn't YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ProfileError("cannot be read", where=str(path), got=error.strerror, expected="a profile") from error
    except UnicodeDecodeError as error:
        raise ProfileError(
            "cannot be read", where=str(path), got="bytes that are not UTF-8", expected="UTF-8"
        ) from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path_, int] = {}
        if node is not None:
            _walk(node, (), lines, str(path), [])
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ProfileError("not valid YAML", where=place, got=error.problem, expected="YAML") from error
    finally:
        loader.dispose()
    return Document(str(path), data, lines)


def _walk(node: yaml.Node, path: Path_, lines: dict[Path_, int], file: str, above: list[yaml.Node]) -> None:
    if any(node is outer for outer in above):
        raise ProfileError("an alias holds itself", where=f"{file}:{node.start_mark.line + 1}")
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = key.value
            line = key.start_mark.line + 1
            if name in seen and name != "<<":
                raise ProfileError(f"the key {name!r} stands twice", where=f"{file}:{line}", expected="each key once")
            seen.add(name)
            lines[(*path, name)] = line
            _walk(value, (*path, name), lines, file, [*above, node])
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            _walk(item, (*path, place), lines, file, [*above, node])
