"""F05 学习记录: the record is true and complete, and a client cannot forge it."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec

HONEST_S = 300.0
"""Ten times the 30 s that a session's record may be off (F05-1), so that a drift of a tenth shows."""
PAUSE_S = 120.0
"""Four times the same tolerance."""


def _honest(setting: Setting) -> float:
    return 60 + setting.span(HONEST_S, 20) + setting.span(PAUSE_S) + setting.span(60)


def _forged(setting: Setting) -> float:
    return 90 + 2 * setting.span(60) + 4 * setting.span(40)


SPEC = ProbeSpec(
    id="F05",
    package="f05_learning_record",
    walks=(
        WalkSpec(
            name="F05.honest",
            purpose="honest study: play, pause, play on; every stretch bracketed by the record",
            seconds=_honest,
            needs=("log_in", "open_lesson", "play", "pause"),
            attack=False,
        ),
        WalkSpec(
            name="F05.forged",
            purpose="progress reports found in the learner's own traffic, replayed and raised",
            seconds=_forged,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
    ),
    judgements=(
        Judgement("F05-1", ("F05.honest",), "judge_record"),
        Judgement("F05-2", ("F05.forged",), "judge_forged"),
    ),
)
