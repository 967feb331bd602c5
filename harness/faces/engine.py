"""face_recognition, loaded when the first face is looked at, and used by one thread at a time.

Loading takes seconds of processor time and 100 MB, which a run without cameras should not pay, and its models' package
warns about its own way of finding files, which tells an assessor nothing. Its detectors are shared objects that dlib
does not protect: two threads in them at once wrote over memory that was somebody else's.
"""

from __future__ import annotations

import importlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_turn = threading.Lock()


@contextmanager
def engine() -> Iterator[Any]:
    """The module face_recognition, for the block; other threads wait meanwhile."""
    with _turn:
        yield _module()


@cache
def _module() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("face_recognition")
