"""F10 人脸识别: the learner is told from everybody else, and who is not recognised earns nothing."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

CAP_S = 900.0
"""This tool's cap for the time between two checks (F10-2): how long somebody else may go unnoticed after one."""
ANSWER_S = 60.0
"""A check must be answered within this (F10-3v); a person's time, never scaled."""
REACTION_S = 10.0
"""Until a check that is due is on the page and the record stands still; never scaled."""
LOOK_S = 8.0
"""How long it is at least tried to study after a refused check."""
ASKED = "asked"
"""Label of the reading of the record at the moment in which a face is asked for."""
OPENING_S = 25.0
TRY_S, AGAIN_S = 9.0, 45.0
"""One try of a face check; and waiting until one may try again after a failed one."""
NEEDS = ("log_in", "open_lesson", "play", "pause", "credited_time", "pass_face_check")


def unnoticed_s(setting: Setting) -> float:
    """How long somebody else may study after a passed check before the next one: the cap, this run's seconds."""
    return CAP_S / setting.scale


def swapped_s(setting: Setting) -> float:
    """How long a swapped person studies: clearly longer than that."""
    most = unnoticed_s(setting) + REACTION_S
    return most + max(0.2 * most, 10.0)


def noticed_s(setting: Setting) -> float:
    """When a platform that takes portraits notices somebody else at the latest: at the next one, where it says when."""
    declared = setting.policy.get("capture_interval_s")
    return swapped_s(setting) if declared is None else min(float(declared), CAP_S) / setting.scale + REACTION_S


def look_s(setting: Setting) -> float:
    """How long it is tried to study: so long that credit would show beyond what the record's coarseness explains."""
    return max(LOOK_S, 4 * (setting.lag_s + 1.0))


def _bracketed(setting: Setting, *stretches: float) -> float:
    return OPENING_S + 2 * setting.control_s() + sum(stretches) + 8.0 * (2 + len(stretches))


def _impostor(setting: Setting) -> float:
    return (
        _bracketed(setting, 4 * TRY_S + 2 * look_s(setting) + AGAIN_S, ANSWER_S + look_s(setting) + AGAIN_S)
        + setting.control_s()
    )


def _tools(setting: Setting) -> float:
    """Seven tools, of which one is held for as long again, and five honest checks before them."""
    stretches = [look_s(setting) + 8.0] * 6
    return OPENING_S + _bracketed(setting, *stretches, 2 * look_s(setting) + 8.0) + AGAIN_S + 5 * TRY_S


SPEC = ProbeSpec(
    id="F10",
    package="f10_face_recognition",
    walks=(
        WalkSpec(
            name="F10.impostor",
            purpose=purpose(
                "核验时换成他人、无人、两人，仍可再试的再换他人；核验失败或不应答后仍试图学习；本人（含另一张照片的样子）核验",
                "a stranger, nobody and two people at the check, and the stranger again where there is another try; "
                "trying to study after it failed or was not answered; the learner, also as another photograph shows "
                "them",
            ),
            seconds=_impostor,
            needs=NEEDS,
            camera=True,
            scenes=8,
        ),
        WalkSpec(
            name="F10.swap",
            purpose=purpose(
                "本人通过核验后立即换成他人继续学习",
                "another person takes the learner's place right after a passed check and studies on",
            ),
            seconds=lambda setting: _bracketed(setting, swapped_s(setting) + AGAIN_S),
            sooner=lambda setting: _bracketed(setting, noticed_s(setting) + AGAIN_S),
            needs=NEEDS,
            camera=True,
            scenes=4,
        ),
        WalkSpec(
            name="F10.skip",
            purpose=purpose(
                "无人应答核验，按取消键、刷新、直接打开播放页、换一讲、重新登录后播放",
                "leave the check unanswered: escape, reload, the player's own address, another lesson, a new log-in",
            ),
            seconds=lambda setting: _bracketed(setting, 5 * (look_s(setting) + 8.0) + AGAIN_S + 20.0),
            needs=NEEDS,
            lessons=2,
            camera=True,
            scenes=6,
        ),
        WalkSpec(
            name="F10.tools",
            purpose=purpose(
                "用脚本移除核验窗口、篡改或不经核验上报、重放核验数据、冒用他人的核验",
                "remove the check by script, change the page's reports or report without it, replay its upload, use "
                "another learner's",
            ),
            seconds=_tools,
            needs=NEEDS,
            accounts=2,
            camera=True,
            scenes=5,
        ),
        WalkSpec(
            name="F10.species",
            purpose=purpose(
                "核验时出示照片、屏幕翻拍、静止画面，各数次",
                "a print, a screen and a frozen picture before the camera, several times each",
            ),
            seconds=lambda setting: OPENING_S + 2 * (3 * (TRY_S + 4.0) + TRY_S) + 2 * setting.control_s() + 16.0,
            needs=NEEDS,
            camera=True,
            scenes=12,
        ),
        WalkSpec(
            name="F10.consent",
            purpose=purpose(
                "新学员：同意之前试图学习，同意并采集底照之后学习",
                "a newcomer: trying to study before consent, and studying after consent and enrolment",
            ),
            seconds=lambda setting: _bracketed(setting, 40.0),
            needs=("log_in", "open_lesson", "play", "credited_time", "consent", "enrol_face"),
            attack=False,
            newcomer=True,
            camera=True,
            scenes=2,
        ),
    ),
    judgements=(
        Judgement("F10-1", ("F10.impostor", "F10.swap", "F10.skip"), "judge_identity"),
        Judgement("F10-2", ("H01.hour",), "judge_moments"),
        Judgement("F10-3", ("F10.impostor",), "judge_no_credit"),
        Judgement("F10-3v", ("F10.impostor",), "judge_values"),
        Judgement("F10-3t", ("F10.tools",), "judge_tools"),
        Judgement("F10-4", ("F10.species",), "judge_species"),
        Judgement("F10-5", ("F10.consent",), "judge_consent"),
    ),
)
"""When checks come is seen in H01's honest hour."""
