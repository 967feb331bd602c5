"""Shared by all tests: properties are never timed, for a busy machine is not a defect."""

from __future__ import annotations

import os

from hypothesis import settings

# A machine that runs tests is busy: what it plays meanwhile must not be kept as what it can.
os.environ["XUNJIAN_CALIBRATION"] = "off"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
