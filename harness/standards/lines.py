"""Reading a YAML file strictly, and finding where in it something stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

# PyYAML is built without libyaml on some systems; the slow loader reads the same.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RepeatedKey(yaml.MarkedYAMLError):
    """A mapping has a key twice; YAML itself would silently keep the last."""


class _StrictLoader(_Base):  # type: ignore[misc]  # the base depends on how PyYAML was built
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise RepeatedKey(problem=f"the key {key.value!r} is there twice", problem_mark=key.start_mark)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def parse(text: str) -> Any:
    """The content of a YAML text. Raises yaml.YAMLError, also for a repeated key."""
    return yaml.load(text, Loader=_StrictLoader)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, of the deepest part of `path` that exists in the file.

    Only for errors: it costs a second parse.
    """
    node = yaml.compose(text, Loader=_Base)
    line = node.start_mark.line + 1 if node is not None else 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                break
            node, line = pair[1], pair[0].start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
