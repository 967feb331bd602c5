"""F11 屏蔽快进: what wasn't watched can't be skipped to and credited, and credit never outruns the wall clock."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec

CONTROL_S = 60.0
AFTER_SEEK_S = 40.0
"""Play after a seek: long enough for several progress reports, eight times the 5 s that a seek may be off."""
RATE_S = 120.0
"""At double speed two minutes show two minutes too many, against an allowance of 2 %."""
SHORT_LESSON_S = 400.0
"""Lessons up to this length are also run to their end at the menu's fastest rate: does completion outrun the clock?"""
SCRIPT_RATE = 16.0


def _seek(setting: Setting) -> float:
    return 110 + 2 * setting.span(CONTROL_S) + 4 * (setting.span(AFTER_SEEK_S) + 16)


def _rate(setting: Setting) -> float:
    return 90 + 2 * setting.span(CONTROL_S) + setting.span(RATE_S, 20) + 30


def _rate_script(setting: Setting) -> float:
    return 90 + 2 * setting.span(CONTROL_S) + 2 * setting.span(RATE_S, 20) + 40


def _to_the_end(setting: Setting) -> float:
    lesson = setting.shortest_lesson_s or 0.0
    return 70 + lesson / 2 + setting.span(CONTROL_S)


SPEC = ProbeSpec(
    id="F11",
    package="f11_fast_forward_blocking",
    walks=(
        WalkSpec(
            name="F11.seek",
            purpose="drag the bar, press the forward button and the arrow keys beyond what was watched",
            seconds=_seek,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "seek_by_bar"),
        ),
        WalkSpec(
            name="F11.seek_script",
            purpose="set currentTime by script, again where the page sets it back",
            seconds=lambda s: 90 + 2 * s.span(CONTROL_S) + s.span(AFTER_SEEK_S) + 20,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        WalkSpec(
            name="F11.rate_menu",
            purpose="watch at the fastest rate of the player's own menu",
            seconds=_rate,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "set_rate_by_menu"),
        ),
        WalkSpec(
            name="F11.rate_script",
            purpose="playbackRate 2 and 16 by script, set again where the page sets it back",
            seconds=_rate_script,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        WalkSpec(
            name="F11.finish_fast",
            purpose="run a short lesson to its end at the menu's fastest rate",
            seconds=_to_the_end,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "set_rate_by_menu"),
            lesson="shortest",
        ),
    ),
    judgements=(
        Judgement("F11-1", ("F11.seek",), "judge_seek"),
        Judgement("F11-1t", ("F11.seek_script",), "judge_seek"),
        Judgement("F11-2", ("F11.rate_menu", "F11.finish_fast"), "judge_rate"),
        Judgement("F11-2t", ("F11.rate_script",), "judge_rate"),
    ),
)
