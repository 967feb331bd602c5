"""The shipped standard, and a small one of our own that tests can break."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.model.requirement import Standard
from harness.standards import load_standard
from harness.standards.lines import parse

SHIPPED = Path(load_standard.__code__.co_filename).parent

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@pytest.fixture(scope="session")
def standard() -> Standard:
    return load_standard()


@pytest.fixture(scope="session")
def jiangxi() -> Standard:
    return load_standard(overlays=["jiangxi-2024-24"])


@pytest.fixture(scope="session")
def _base_content() -> dict[str, Any]:
    content: dict[str, Any] = parse((SHIPPED / "aq8011-2023.yaml").read_text(encoding="utf-8"))
    return content


@pytest.fixture
def content(_base_content: dict[str, Any]) -> dict[str, Any]:
    """The shipped file's content, free to be changed."""
    return copy.deepcopy(_base_content)


@pytest.fixture
def overlay() -> dict[str, Any]:
    """An overlay that does nothing yet."""
    return {
        "id": "test-1",
        "base": "AQ8011-2023",
        "version": "1",
        "title": {"zh": "测试", "en": "test"},
        "documents": {"doc": {"zh": "文件", "en": "document", "confidence": "H", "second_hand": False}},
        "quotes": {"q": {"document": "doc", "at": "一", "text": "应当"}},
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, Any], Path]:
    """Write a YAML file (or a text as it is) and give its path."""

    def put(name: str, what: Any) -> Path:
        path = tmp_path / f"{name}.yaml"
        text = what if isinstance(what, str) else yaml.dump(what, Dumper=DUMPER, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    return put
