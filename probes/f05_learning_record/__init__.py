"""F05 学习记录: the record is true and complete, and a client cannot forge it."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

HONEST_S = 200.0
"""Nearly seven times the 30 s that a session's record may be off (F05-1): a clock that runs a fifth too fast shows."""
PAUSE_S = 60.0
"""Twice the same tolerance."""


def _honest(setting: Setting) -> float:
    return 45 + setting.span(HONEST_S, 20) + setting.span(PAUSE_S) + setting.control_s()


def _forged(setting: Setting) -> float:
    return 70 + 3 * setting.span(60) + setting.control_s()


SPEC = ProbeSpec(
    id="F05",
    package="f05_learning_record",
    walks=(
        WalkSpec(
            name="F05.honest",
            purpose=purpose(
                "诚实学习：播放、暂停、继续播放，每段前后读取平台记录",
                "honest study: play, pause, play on; every stretch bracketed by the record",
            ),
            seconds=_honest,
            needs=("log_in", "open_lesson", "play", "pause"),
            attack=False,
        ),
        WalkSpec(
            name="F05.forged",
            purpose=purpose(
                "在学员自己的流量中找到进度上报，重放并改大后再发送",
                "progress reports found in the learner's own traffic, replayed and raised",
            ),
            seconds=_forged,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
    ),
    judgements=(
        Judgement("F05-1", ("F05.honest",), "judge_record"),
        Judgement("F05-2", ("F05.forged",), "judge_forged"),
    ),
)
