"""Which of our modules are imported when a module is, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("harness", "probes", "reports", "fixtures")


@cache
def imports(path: Path) -> tuple[str, ...]:
    """The names that a file imports, from modules as `module` and as `module.name`."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def file_of(module: str, root: Path = ROOT) -> Path:
    """Where a module of ours lies, whether it exists or not."""
    path = root / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def reached(start: str, within: tuple[str, ...] = OURS, root: Path = ROOT) -> frozenset[str]:
    """The modules of ours that are imported with one, at any distance, itself among them; of others the package.

    `within`: only through modules of these packages.
    """
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        file = file_of(name, root)
        if name in seen or not file.is_file():
            continue
        seen.add(name)
        for found in (name.rpartition(".")[0], *imports(file)):
            package = found.partition(".")[0]
            if package in within:
                ahead.append(found)
            elif package and package not in OURS:
                seen.add(package)
    return frozenset(seen)
