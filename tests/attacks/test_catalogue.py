"""docs/attacks.md: what it names exists, the walks that it names use it, and no attack is left unused."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from harness.probe import load_probes

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<code>`[^|]+`) \| (?P<walks>[^|]+) \|$", re.M)
ROWS = [
    (code, walk)
    for row in ROW.finditer((ROOT / "docs" / "attacks.md").read_text(encoding="utf-8"))
    for code in re.findall(r"`(\w+\.\w+)`", row["code"])
    for walk in row["walks"].split(", ")
]
MODULES = ("borrowed", "finish", "identity", "media", "passage", "presence", "session", "traffic")
HELPERS = {"identity.watch", "media.observed", "traffic.send"}


def waits(value: object) -> bool:
    """Is it something done to a page: a coroutine, or a block inside which something is so?"""
    if not inspect.isfunction(value):
        return False
    return inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(inspect.unwrap(value))


@cache
def parsed(path: Path) -> dict[str, ast.AST]:
    """The functions of a file, and what its imports call each module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {n.name: n for n in tree.body if isinstance(n, ast.AsyncFunctionDef | ast.FunctionDef)}


@cache
def names(path: Path) -> dict[str, str]:
    """Local names of the attacks' modules in a file."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "harness.attacks":
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def used(package: str, function: str) -> set[str]:
    """The attacks that a walk's function uses, itself or through other functions of its package."""
    files = [p for p in sorted((ROOT / "probes" / package).glob("*.py")) if "judge" not in p.name]
    seen: set[str] = set()
    attacks: set[str] = set()

    def visit(name: str) -> None:
        for path in files:
            node = parsed(path).get(name)
            if node is None or name in seen:
                continue
            seen.add(name)
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                    module = names(path).get(inner.value.id)
                    attacks.update({f"{module}.{inner.attr}"} if module else ())
                if isinstance(inner, ast.Name):
                    visit(inner.id)

    visit(function)
    return attacks


@pytest.mark.parametrize(("code", "walk"), ROWS, ids=lambda value: value)
def test_the_walk_uses_the_attack(code: str, walk: str) -> None:
    module, name = code.split(".")
    assert waits(getattr(import_module(f"harness.attacks.{module}"), name))
    probe, spec = next((p, w) for p in load_probes() for w in p.walks if w.name == walk)
    assert code in used(probe.package, spec.function)


def test_every_attack_is_in_the_table() -> None:
    written = {
        f"{module}.{name}"
        for module in MODULES
        for name, value in vars(import_module(f"harness.attacks.{module}")).items()
        if waits(value) and value.__module__ == f"harness.attacks.{module}" and name[0] != "_"
    }
    assert written - HELPERS == {code for code, _ in ROWS}


def test_the_table_is_read() -> None:
    assert len(ROWS) > 20
