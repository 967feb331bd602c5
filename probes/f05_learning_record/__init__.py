"""F05 学习记录: the record is true and complete, and a client cannot forge it."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

HONEST_S = 200.0
"""Nearly seven times the 30 s that a session's record may be off (F05-1): a clock that runs a fifth too fast shows."""
PAUSE_S = 60.0
"""Twice the same tolerance."""
STANDING = "standing"
"""The stretch in which the player stands still, somebody sits there, and nothing is forged."""
PIECE_S, PIECE_FLOOR_S = 45.0, 6.0
"""Studied before and after an interruption: half as much again as the tolerance, so that losing it all shows."""
CUT_S, CUT_FLOOR_S = 20.0, 4.0
"""Without network: less than any platform takes for the end of a sitting."""


def _honest(setting: Setting) -> float:
    return (
        setting.opening_s
        + 4 * setting.reading_s
        + setting.span(HONEST_S, 20)
        + setting.span(PAUSE_S)
        + setting.control_s()
    )


def _interrupted(setting: Setting) -> float:
    return 55 + 6 * setting.span(PIECE_S, PIECE_FLOOR_S) + setting.span(CUT_S, CUT_FLOOR_S)


def _others(setting: Setting) -> float:
    return 35 + 2 * setting.control_s()


def _voided(setting: Setting) -> float:
    return 30 + setting.control_s()


SENDING_S = 5.0
"""One way of sending what is forged."""
WAYS = 6


def _heard(setting: Setting) -> float:
    """Honest study until the reports are heard, and standing still."""
    return setting.span(60) + setting.span(PAUSE_S) + setting.reading_s


def _forged(setting: Setting) -> float:
    sending = WAYS * (SENDING_S + setting.reading_s)
    return 2 * setting.opening_s + 2 * setting.reading_s + _heard(setting) + sending + setting.control_s()


def _borrowed(setting: Setting) -> float:
    return 2 * setting.opening_s + 3 * setting.reading_s + _heard(setting) + SENDING_S + setting.control_s()


def _settled(setting: Setting) -> float:
    return 10 + setting.reading_s


def _late(name: str, follows: str) -> WalkSpec:
    """What is read once the record of a walk has settled, where that takes hours."""
    return WalkSpec(
        name=name,
        purpose=purpose(
            f"记录结算后（分段检测的后一段）读取 {follows} 的学习记录",
            f"the record of {follows} is read once it has settled, in a later stage of the run",
        ),
        seconds=_settled,
        accounts=0,
        lessons=0,
        needs=("credited_time",),
        attack=False,
        applies=lambda setting: setting.settles_later,
        follows=follows,
    )


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
                "在学员自己的流量中找到进度上报，重放、倒序、连发、改大、直接报学完，并在退出登录后再发送",
                "progress reports found in the learner's own traffic: replayed, out of order, in a burst, raised, "
                "claiming the end, and after logging out",
            ),
            seconds=_forged,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        WalkSpec(
            name="F05.interrupted",
            purpose=purpose(
                "诚实学习中刷新页面、断网、重新登录，核对每段记录",
                "honest study across a reload, a network cut and a new log-in, each against the record",
            ),
            seconds=_interrupted,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "study_records"),
            attack=False,
        ),
        WalkSpec(
            name="F05.others",
            purpose=purpose(
                "两名学员各自学习后，一人更改标识，尝试读取另一人的学习记录",
                "two learners study; then one changes identifiers to read the other's record",
            ),
            seconds=_others,
            accounts=2,
            screens=2,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "study_records", "open_records"),
        ),
        WalkSpec(
            name="F05.voided",
            purpose=purpose(
                "诚实学习后由管理人员作废，查看记录是否保留并标明",
                "honest study is voided by an administrator; does it stay in the record, marked?",
            ),
            seconds=_voided,
            screens=2,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "study_records", "void_record"),
        ),
        WalkSpec(
            name="F05.borrowed",
            purpose=purpose(
                "用另一名学员的登录凭据为本学员上报进度",
                "report on this learner's lesson with another learner's session",
            ),
            seconds=_borrowed,
            accounts=2,
            screens=2,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
        ),
        _late("F05.settled", "F05.honest"),
        _late("F05.settled_cut", "F05.interrupted"),
    ),
    judgements=(
        Judgement("F05-1", ("F05.honest",), "judge_record", instead=("F05.settled",)),
        Judgement("F05-1", ("F05.interrupted",), "judge_interrupted", instead=("F05.settled_cut",)),
        Judgement("F05-3", ("F05.voided",), "judge_voided"),
        Judgement("F05-4", ("F05.others",), "judge_others"),
        Judgement("X-06", ("F05.honest", "F05.interrupted"), "judge_rows", instead=("F05.settled", "F05.settled_cut")),
        Judgement("F05-2", ("F05.forged", "F05.borrowed"), "judge_forged"),
    ),
)
