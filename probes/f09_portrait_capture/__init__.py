"""F09 人像抓拍: portraits are really taken while somebody studies, kept, and without a picture nothing is credited."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

CAP_S = 900.0
"""This tool's cap for the time between two captures (F09-2): waited for where the platform declares none."""
REACTION_S = 7.0
"""No page opens a camera, takes a picture and sends it in less, and people and devices are not scaled."""
OPENING_S = 25.0
"""Logging in, opening the lesson, the first face check, the first reading of the record."""
READING_S = 8.0
NEEDS = ("log_in", "open_lesson", "play", "pause", "credited_time", "portraits")


def interval_s(setting: Setting) -> float:
    """The longest time between two captures that the platform declares, else this tool's cap; this run's seconds."""
    declared = setting.policy.get("capture_interval_s")
    return min(CAP_S if declared is None else float(declared), CAP_S) / setting.scale


def allowed_s(setting: Setting, stop_within_s: float) -> float:
    """How much may be credited without a picture: until a capture is due, and the time to react."""
    return interval_s(setting) + max(stop_within_s, REACTION_S)


STRETCHES = 2
"""How often the camera is covered anew after a face check in between, which the learner answers."""


def without_s(setting: Setting) -> float:
    """How long the camera stays covered: clearly longer than anything that may be credited."""
    most = allowed_s(setting, 60.0 / setting.scale)
    return most + max(0.25 * most, 12.0)


def _one(setting: Setting) -> float:
    return OPENING_S + 2 * setting.control_s() + STRETCHES * (without_s(setting) + 10.0) + 4 * READING_S + 20


def _stopped(setting: Setting) -> float:
    """Where a missing picture stops the clock one stretch is enough, and it ends when a capture was due."""
    return _one(setting) - STRETCHES * (without_s(setting) + 10.0) + allowed_s(setting, 60.0 / setting.scale) + 10.0


SPEC = ProbeSpec(
    id="F09",
    package="f09_portrait_capture",
    walks=(
        WalkSpec(
            name="F09.covered",
            purpose=purpose(
                "学习中遮住摄像头，人仍在操作；此后移开遮挡继续学习",
                "cover the camera while studying, with somebody operating; then uncover it and study on",
            ),
            seconds=_one,
            sooner=_stopped,
            needs=NEEDS,
            camera=True,
            scenes=6,
        ),
        WalkSpec(
            name="F09.denied",
            purpose=purpose(
                "学习中途拔掉摄像头；再分别拒绝摄像头权限、不接摄像头，各试图学习一段；前后正常学习",
                "pull the camera out while studying; refuse its permission, then have none, and try to study; between "
                "honest study",
            ),
            seconds=lambda setting: _one(setting) + without_s(setting),
            sooner=lambda setting: _stopped(setting) + READING_S,
            needs=NEEDS,
            camera=True,
            scenes=4,
        ),
        WalkSpec(
            name="F09.uploads",
            purpose=purpose(
                "遮住摄像头，同时重放先前上传的图片、直接上传登记照和他人照片、以脚本使页面上传旧画面",
                "cover the camera, and send earlier uploads again, the photograph on file, another person's; a script "
                "lets the page send old frames",
            ),
            seconds=lambda setting: _one(setting) + interval_s(setting),
            sooner=lambda setting: _stopped(setting) + interval_s(setting),
            needs=NEEDS,
            camera=True,
            scenes=5,
        ),
    ),
    judgements=(
        Judgement("F09-1", ("H01.hour",), "judge_capture"),
        Judgement("F09-1v", ("H01.hour",), "judge_number"),
        Judgement("F09-2", ("H01.hour",), "judge_gaps"),
        Judgement("F09-3", ("F09.covered", "F09.denied"), "judge_no_picture"),
        Judgement("F09-1t", ("F09.uploads",), "judge_uploads"),
        Judgement("F09-4", ("H01.hour",), "judge_pixels"),
    ),
)
"""The honest hour is H01's: one walk, whose portraits are read before and after it."""
