"""What a profile cannot say, Python can: an adapter overrides single actions and readings.

    class Acme(Adapter):
        async def open_lesson(self, session, *, lesson):
            ...
            await session.described("open_lesson", lesson=lesson)   # what the profile says, if it says something

An action's method gets the session of whoever acts; a reading's gets the reader's session.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from harness.errors import ProfileError
from harness.platform.base import ACTIONS, CONTRACT, READINGS


class Adapter:
    """Base of a vendor's adapter; methods are named like the contract's actions and readings."""

    @property
    def names(self) -> frozenset[str]:
        """What this adapter overrides."""
        return frozenset(name for name in CONTRACT if callable(getattr(self, name, None)))

    def action(self, name: str) -> Callable[..., Awaitable[Any]] | None:
        """The method that does an action, if it overrides it."""
        return getattr(self, name, None) if name in ACTIONS else None

    def reading(self, name: str) -> Callable[..., Awaitable[Any]] | None:
        """The method that makes a reading, if it overrides it."""
        return getattr(self, name, None) if name in READINGS else None


def load_adapter(path: Path, where: str) -> Adapter:
    """The adapter in a file. Raises ProfileError when there is not exactly one, or it does not import."""
    if not path.is_file():
        raise ProfileError(
            "adapter not found", where=where, got=path.name, expected="a Python file next to the profile"
        )
    spec = importlib.util.spec_from_file_location(f"xunjian_adapter_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a vendor's code raises, it is the profile's fault
        got = f"{type(error).__name__}: {error}"
        raise ProfileError("adapter does not import", where=where, got=got, expected="Python that imports") from error
    found = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Adapter) and one.__module__ == module.__name__
    ]
    if len(found) != 1:
        got = ", ".join(one.__name__ for one in found) or "none"
        raise ProfileError("adapter file", where=where, got=got, expected="one class derived from Adapter")
    adapter = found[0]()
    public = {name for name in vars(found[0]) if not name.startswith("_")}
    unknown = sorted(public - adapter.names)
    if unknown:
        raise ProfileError(
            "adapter has methods that are not in the contract",
            where=where,
            got=", ".join(unknown),
            expected="names of actions and readings; helpers begin with _",
        )
    return adapter
