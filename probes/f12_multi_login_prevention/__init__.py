"""F12 防止多点登录: one account earns in one place at a time."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

OVERLAP_S = 150.0
"""Half a minute beyond the 120 s within which the loser must have stopped (F12-1)."""

RAISED_S = 3600.0
"""What a report claims that is sent after the kick."""
AFTER_KICK_S = 12.0
LOG_INS = ("second_login", "phone_login")
"""Stimuli by which the second place logs in for itself; a tab and a copy have nothing to log in with."""
NOTICED_S = 3.0
"""What a page needs at least to hear from the other place and to say so; a machine's time, never scaled."""


def noticed_s(setting: Setting) -> float:
    """How long it may take until the first place shows that there is a second: as long as its next report."""
    return max(setting.report_s, NOTICED_S)


def _overlap(setting: Setting) -> float:
    around = 2 * setting.opening_s + 4 * setting.reading_s + noticed_s(setting) + 10
    return around + 2 * setting.control_s() + setting.span(OVERLAP_S, 24)


SPEC = ProbeSpec(
    id="F12",
    package="f12_multi_login_prevention",
    walks=(
        WalkSpec(
            name="F12.two_devices",
            purpose=purpose(
                "第一台设备播放时在第二台设备登录，并播放另一节课；被顶下线的一台继续上报",
                "log in on a second device while the first plays, and play another lesson there; the one that was "
                "thrown out reports on",
            ),
            seconds=lambda s: _overlap(s) + AFTER_KICK_S,
            lessons=2,
            screens=2,
        ),
        WalkSpec(
            name="F12.pc_and_phone",
            purpose=purpose(
                "电脑播放时在手机登录，并播放另一节课",
                "log in on a phone while a PC plays, and play another lesson there",
            ),
            seconds=lambda s: _overlap(s) + AFTER_KICK_S,
            lessons=2,
            screens=2,
        ),
        WalkSpec(
            name="F12.two_tabs",
            purpose=purpose(
                "在同一浏览器的两个标签页同时播放两节课",
                "play two lessons at once in two tabs of one browser",
            ),
            seconds=_overlap,
            lessons=2,
            screens=2,
        ),
        WalkSpec(
            name="F12.copied_session",
            purpose=purpose(
                "把登录凭据复制到第二台设备，不登录直接播放",
                "play on a second device with copied cookies and storage, without logging in",
            ),
            seconds=_overlap,
            lessons=2,
            screens=2,
        ),
    ),
    judgements=(
        Judgement("F12-1", ("F12.two_devices", "F12.pc_and_phone"), "judge_two_places"),
        Judgement("F12-1v", ("F12.two_devices",), "judge_two_places"),
        Judgement("F12-2", ("F12.two_devices", "F12.two_tabs"), "judge_overlap"),
        Judgement("F12-1t", ("F12.copied_session",), "judge_two_places"),
        Judgement("F12-1t", ("F12.two_devices",), "judge_after_kick"),
    ),
)
