"""Defeat devices: the same dishonest walk as an ordinary visitor and visibly automated (D-F05 and so on).

The ordinary walks are those of the functions' own probes; only the automated ones are made here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.probe import Judgement, ProbeSpec, WalkSpec, purpose
from probes.f05_learning_record import SPEC as F05
from probes.f09_portrait_capture import SPEC as F09
from probes.f10_face_recognition import SPEC as F10
from probes.f11_fast_forward_blocking import SPEC as F11
from probes.f12_multi_login_prevention import SPEC as F12
from probes.f13_idle_lock import SPEC as F13
from probes.f13_idle_lock import idle_once_s, locked_once_s
from probes.h01_hour_accounting import SPEC as H01


def _automated(probe: ProbeSpec, ordinary: str, **shorter: Any) -> WalkSpec:
    """A probe's walk, as it is made by a visibly automated visitor.

    Where nobody is likely to be stopped, there is no difference between visitors to look for.
    """
    spec = next(walk for walk in probe.walks if walk.name == f"{probe.id}.{ordinary}")
    return replace(
        spec,
        name=f"D.{ordinary}",
        purpose=purpose(f"以明显的自动化浏览器重做 {spec.name}", f"{spec.name} once more, visibly automated"),
        attack=True,
        confirmed=False,
        expects_fail=lambda setting: False,
        applies=lambda setting: not spec.expects_fail(setting),
        **shorter,
    )


SPEC = ProbeSpec(
    id="D",
    package="d_defeat_devices",
    walks=(
        _automated(F05, "forged"),
        _automated(F09, "covered"),
        _automated(F10, "impostor"),
        _automated(F11, "seek_script"),
        _automated(F12, "two_devices"),
        _automated(F13, "idle", seconds=idle_once_s, sooner=locked_once_s),  # the first lock is enough to compare
        _automated(H01, "invalid"),
    ),
    judgements=(
        Judgement("D-F05", ("D.forged",), "judge_forged", beside=("F05.forged",)),
        Judgement("D-F09", ("D.covered",), "judge_no_picture", beside=("F09.covered",)),
        Judgement("D-F10", ("D.impostor",), "judge_identity", beside=("F10.impostor",)),
        Judgement("D-F11", ("D.seek_script",), "judge_seek", beside=("F11.seek_script",)),
        Judgement("D-F12", ("D.two_devices",), "judge_two_places", beside=("F12.two_devices",)),
        Judgement("D-F13", ("D.idle",), "judge_idle", beside=("F13.idle",)),
        Judgement("D-H01", ("D.invalid",), "judge_invalid", beside=("H01.invalid",)),
    ),
)
