"""The profile of a subject whose vendor declares something else: the same in all but its policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from harness.errors import UsageError
from harness.platform.yaml_lines import read_yaml


def stated(profile: Path, declares: Mapping[str, Any], folder: Path) -> Path:
    """The profile with these values under `policy`, written into `folder`; the profile itself where there are none.

    What lies beside the profile is linked into the folder, so that files are found where it names them. Raises
    ProfileError when it can't be read, UsageError when it names files above its own folder.
    """
    if not declares:
        return profile
    data = read_yaml(profile).data
    above = next((text for text in _texts(data) if "../" in text), None)
    if above is not None:
        raise UsageError(
            "a profile whose policy is to be changed may not reach above its folder",
            where=str(profile),
            got=above,
            expected="files in the profile's own folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for beside in profile.resolve().parent.iterdir():
        link = folder / beside.name
        if beside.name != profile.name and not link.is_symlink():
            link.symlink_to(beside)
    changed = data | {"policy": data.get("policy", {}) | dict(declares)}
    made = folder / profile.name
    made.write_text(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")
    return made


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(part)
