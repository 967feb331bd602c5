"""A profile for tests, with parts of one's own in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from harness.platform.loading import load_profile
from harness.platform.profile import LoadedProfile

ACME = Path(__file__).with_name("acme.yaml")
ENV = {"ACME_LEARNER": "learner-secret", "ACME_READER": "reader-secret"}
Profiled = Callable[..., LoadedProfile]


@pytest.fixture
def profiled(tmp_path: Path) -> Profiled:
    """Load the sample profile with sections of it replaced."""

    def make(**sections: object) -> LoadedProfile:
        data = yaml.safe_load(ACME.read_text(encoding="utf-8")) | sections
        data["authorization"]["valid_until"] = "2030-01-01"
        path = tmp_path / "acme.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return load_profile(path, env=ENV)

    return make
