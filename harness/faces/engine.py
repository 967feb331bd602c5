"""face_recognition, loaded when the first face is looked at.

That takes seconds of processor time and 100 MB, which a run without cameras should not pay, and its models' package
warns about its own way of finding files, which tells an assessor nothing.
"""

from __future__ import annotations

import importlib
import warnings
from functools import cache
from typing import Any


@cache
def engine() -> Any:
    """The module face_recognition."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("face_recognition")
