"""The command line of a visitor's browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.launch import CameraFile, Visitor, flags_for, major_version

CAMERA = CameraFile(Path("camera"), "USB2.0 HD UVC WebCam MJPEG")


def flag(flags: list[str], name: str) -> str | None:
    return next((f.partition("=")[2] for f in flags if f.partition("=")[0] == name), None)


def test_an_ordinary_visitor_has_a_plain_agent_of_its_own_version() -> None:
    flags = flags_for(Visitor(), "156")
    agent = flag(flags, "--user-agent") or ""
    assert "Chrome/156.0.0.0 Safari" in agent
    assert "Headless" not in agent
    assert "Mobile" not in agent
    assert flag(flags, "--disable-blink-features") == "AutomationControlled"
    assert flag(flags, "--accept-lang") == "zh-CN,zh"


def test_a_mobile_visitor() -> None:
    flags = flags_for(Visitor(device="mobile"), "156")
    assert "Mobile Safari" in (flag(flags, "--user-agent") or "")
    assert flag(flags, "--window-size") == "412,915"
    assert flag(flags, "--screen-info") == "{412x915}"


def test_a_visibly_automated_visitor_hides_nothing() -> None:
    flags = flags_for(Visitor(automated=True), "156")
    assert flag(flags, "--user-agent") is None
    assert flag(flags, "--disable-blink-features") is None
    assert "--lang=zh-CN" in flags


@pytest.mark.parametrize("automated", [False, True])
def test_the_camera_is_a_bare_name_so_that_its_label_is_one(automated: bool) -> None:
    flags = flags_for(Visitor(automated=automated, camera=CAMERA), "156")
    assert flag(flags, "--use-file-for-fake-video-capture") == CAMERA.name
    assert "--use-fake-device-for-media-stream" in flags


def test_without_a_camera_there_is_none() -> None:
    assert "--use-fake-device-for-media-stream" not in flags_for(Visitor(), "156")


@pytest.mark.parametrize(
    ("version", "major"),
    [("Chromium 156.0.8078.79 built on Debian", "156"), ("Google Chrome 131.0.6778.85", "131"), ("", "140")],
)
def test_major_version(version: str, major: str) -> None:
    assert major_version(version) == major
