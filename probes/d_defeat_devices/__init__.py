"""Defeat devices: the same dishonest walk as an ordinary visitor, visibly automated, and with a phone (D-F05, ...).

The ordinary walks are those of the functions' own probes, at a PC; only the others are made here.
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

ON_PHONE = "_on_phone"
"""How the names of the walks end that are made with a phone."""
WITH_A_PHONE = ("tested", "not_offered")
"""What a profile says of study in a phone's browser where the walks are made with one: that learners may, or that
they can't, which is tried. Where it is left out of the run, page one of the report says so."""


def _walks(probe: ProbeSpec, ordinary: str, **shorter: Any) -> tuple[WalkSpec, WalkSpec]:
    """A probe's walk, as it is made by a visibly automated visitor, and by one with a phone.

    Where nobody is likely to be stopped, there is no difference between visitors to look for.
    """
    spec = next(walk for walk in probe.walks if walk.name == f"{probe.id}.{ordinary}")
    automated = replace(
        spec,
        name=f"D.{ordinary}",
        purpose=purpose(f"以明显的自动化浏览器重做 {spec.name}", f"{spec.name} once more, visibly automated"),
        attack=True,
        confirmed=False,
        expects_fail=lambda setting: False,
        applies=lambda setting: not spec.expects_fail(setting),
        **shorter,
    )
    with_phone = replace(
        automated,
        name=f"D.{ordinary}{ON_PHONE}",
        purpose=purpose(f"用手机浏览器重做 {spec.name}", f"{spec.name} once more, with a phone's browser"),
        applies=lambda setting: automated.applies(setting) and setting.mobile in WITH_A_PHONE,
    )
    return automated, with_phone


def _judgement(requirement: str, judge: str, ordinary: str) -> Judgement:
    name = ordinary.split(".")[1]
    return Judgement(requirement, (f"D.{name}", f"D.{name}{ON_PHONE}"), judge, beside=(ordinary,))


SPEC = ProbeSpec(
    id="D",
    package="d_defeat_devices",
    walks=(
        *_walks(F05, "forged"),
        *_walks(F09, "covered"),
        *_walks(F10, "impostor"),
        *_walks(F11, "seek_script"),
        *_walks(F12, "two_devices"),
        *_walks(F13, "idle", seconds=idle_once_s, sooner=locked_once_s),  # the first lock is enough to compare
        *_walks(H01, "invalid"),
    ),
    judgements=(
        _judgement("D-F05", "judge_forged", "F05.forged"),
        _judgement("D-F09", "judge_no_picture", "F09.covered"),
        _judgement("D-F10", "judge_identity", "F10.impostor"),
        _judgement("D-F11", "judge_seek", "F11.seek_script"),
        _judgement("D-F12", "judge_two_places", "F12.two_devices"),
        _judgement("D-F13", "judge_idle", "F13.idle"),
        _judgement("D-H01", "judge_invalid", "H01.invalid"),
    ),
)
