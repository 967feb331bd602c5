"""What durations and limits of a run may depend on, from a profile. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from harness.model.observation import RunStarted
from harness.model.requirement import Standard
from harness.probe import Setting


def setting_of(start: RunStarted, standard: Standard) -> tuple[Setting, dict[str, float]]:
    """The setting of a stored run: declared policy, scale and lesson lengths from its first line."""
    profile: Mapping[str, Any] = start.profile
    lessons = {
        str(item["id"]): float(item["duration_s"])
        for item in profile.get("lessons", ())
        if item.get("duration_s") is not None
    }
    course = [lessons[str(item["id"])] for item in profile.get("lessons", ()) if item.get("test_course")]
    camera = bool(profile.get("camera"))
    setting = make_setting(
        profile.get("policy", {}), start.time_scale, standard, lessons.values(), course, camera=camera
    )
    return of_profile(setting, profile), lessons


def of_profile(setting: Setting, profile: Mapping[str, Any]) -> Setting:
    """The setting with who is before the camera, and whether learners have phones, from a profile's facts."""
    setting = replace(setting, mobile=str(dict(profile.get("channels") or {}).get("mobile", "")))
    who = profile.get("presence")
    if not isinstance(who, Mapping) or who.get("kind") != "human":
        return setting
    on_phone = str(who.get("camera", "")).lower() == "phone"
    return replace(
        setting,
        presence="phone" if on_phone else "human",
        present_in="faces" if who.get("walks") == "faces" else "all",
    )


def make_setting(
    policy: Mapping[str, Any],
    scale: float,
    standard: Standard,
    lessons: Collection[float] = (),
    test_course: Collection[float] = (),
    *,
    camera: bool = False,
) -> Setting:
    """What durations may depend on; `lessons` and `test_course` are lengths as they play, seconds."""
    idle_cap = standard.limit(standard.get("F13-1v"), "idle_cap").value
    return Setting(
        policy,
        scale,
        {"idle_cap_s": idle_cap},
        min(lessons, default=None),
        camera=camera,
        test_course_s=sum(test_course) if test_course else None,
    )
