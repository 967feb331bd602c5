"""F11 屏蔽快进: what wasn't watched can't be skipped to and credited, and credit never outruns the wall clock."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

AFTER_SEEK_S = 20.0
"""Play after a seek: four times the 5 s that a seek may be off."""
RATE_S = 60.0
"""At double speed a minute shows a minute too many, against an allowance of 2 %."""
SCRIPT_RATE_S = 30.0
"""At 16x half a minute shows seven and a half minutes too many."""
SHORT_LESSON_S = 400.0
"""Lessons up to this length are also run to their end at the menu's fastest rate: does completion outrun the clock?"""
REHEARSED_S = 90.0
SCRIPT_RATE = 16.0
CLOCK_FACTOR = 4.0
"""How much faster a patched page's clock runs: enough to show, not so much that its reports flood the platform."""


def _walk(setting: Setting, *stretches: float) -> float:
    """Opening, an honest control before and after, and stretches between."""
    return setting.opening_s + 2 * setting.control_s() + sum(stretches) + setting.reading_s * (2 + len(stretches))


def _two_seeks(setting: Setting) -> float:
    each = setting.span(AFTER_SEEK_S) + 5
    return _walk(setting, each, each)


def _short(setting: Setting) -> bool:
    """Is there a lesson short enough? In a rehearsal every lesson is, that lasts no longer than other walks do."""
    longest = max(SHORT_LESSON_S / setting.scale, REHEARSED_S if setting.scale > 1 else 0.0)
    return setting.shortest_lesson_s is not None and setting.shortest_lesson_s <= longest


def _to_the_end(setting: Setting) -> float:
    lesson = setting.shortest_lesson_s or 0.0
    return setting.opening_s + 2 * setting.reading_s + min(setting.control_s(), lesson / 6) + lesson / 1.25


SPEC = ProbeSpec(
    id="F11",
    package="f11_fast_forward_blocking",
    walks=(
        WalkSpec(
            name="F11.seek_bar",
            purpose=purpose(
                "拖动进度条、按快进按钮，越过已观看处",
                "drag the progress bar and press the forward button beyond what was watched",
            ),
            seconds=_two_seeks,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "seek_by_bar"),
            confirmed=True,
        ),
        WalkSpec(
            name="F11.seek_keys",
            purpose=purpose(
                "按方向键快进；重新打开课程后再拖动进度条",
                "press the arrow keys, then drag the bar after loading the lesson anew",
            ),
            seconds=_two_seeks,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "seek_by_bar"),
            confirmed=True,
        ),
        WalkSpec(
            name="F11.seek_script",
            purpose=purpose(
                "用脚本改播放位置，被页面改回则再改；再去除页面的防快进脚本后改",
                "set currentTime by script, again where the page sets it back; then with the page's guards taken away",
            ),
            seconds=_two_seeks,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        WalkSpec(
            name="F11.rate_menu",
            purpose=purpose(
                "用播放器菜单的最高倍速观看",
                "watch at the fastest rate of the player's own menu",
            ),
            seconds=lambda s: _walk(s, s.span(RATE_S, 16) + 5),
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "set_rate_by_menu"),
        ),
        WalkSpec(
            name="F11.rate_script",
            purpose=purpose(
                "使页面的时钟、播放器报得过快；再用脚本以2倍、16倍速播放，被页面改回则再改",
                "a page whose clock, and whose player, run too fast; then playbackRate 2 and 16 by script, set again "
                "where the page sets it back",
            ),
            seconds=lambda s: _walk(s, *(4 * (s.span(SCRIPT_RATE_S, 12) + 3,))) + 3 * s.opening_s,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        WalkSpec(
            name="F11.finish_fast",
            purpose=purpose(
                "以菜单最高倍速把一节短课播放到结束",
                "run a short lesson to its end at the menu's fastest rate",
            ),
            seconds=_to_the_end,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "set_rate_by_menu"),
            lesson="shortest",
            applies=_short,
        ),
    ),
    judgements=(
        Judgement("F11-1", ("F11.seek_bar", "F11.seek_keys"), "judge_seek"),
        Judgement("F11-1t", ("F11.seek_script",), "judge_seek"),
        Judgement("F11-2", ("F11.rate_menu", "F11.finish_fast"), "judge_rate"),
        Judgement("F11-2t", ("F11.rate_script",), "judge_rate"),
    ),
)
