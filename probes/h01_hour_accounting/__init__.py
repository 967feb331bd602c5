"""H01 学时核算: an online class hour stands for at least 30 minutes of real study."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

BELOW_S, ABOVE_S = 27 * 60.0, 33 * 60.0
"""Stimuli keep off the limit: 27 and 33 minutes, not 29 and 30 (design.md section 4)."""
REST_S = 60.0
FINISH_S, FINISH_EXTRA_S = 10 * 60.0, 6.0
"""A lesson that is over within ten minutes after the hour is watched to its end where faces are checked: does the end
ask for one? And how long to look on after it."""


OUTCOME_S = 45.0
"""For the certificate, and for reading every place that states hours of it; our own time, never scaled."""


def _hour(setting: Setting) -> float:
    course, hour = setting.test_course_s, ABOVE_S / setting.scale
    study = hour if course is None else max(hour, course) + OUTCOME_S
    if course is None and setting.camera:
        study += 4 * 60.0 / setting.scale + FINISH_EXTRA_S
    return setting.opening_s + 3 * setting.reading_s + study


def _invalid(setting: Setting) -> float:
    return setting.opening_s + 7 * setting.reading_s + 3 * setting.control_s() + 3 * setting.span(REST_S, 12)


def _apart(setting: Setting) -> float:
    return setting.opening_s + 2 * setting.reading_s + ABOVE_S / setting.scale


SPEC = ProbeSpec(
    id="H01",
    package="h01_hour_accounting",
    walks=(
        WalkSpec(
            name="H01.hour",
            purpose=purpose(
                "诚实学习到27分钟和33分钟，分别读取所计学时；学完测试课程，申请证明，核对记录、证明、档案、统计，再作废",
                "honest study to 27 and on to 33 minutes, the credited hours read at both; the test course is "
                "finished; certificate, record, archive and statistics are compared; then it is voided",
            ),
            seconds=_hour,
            lesson="test_course",
            camera=True,  # the archive of a finished course holds portraits of it (F07-12)
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
            attack=False,
        ),
        WalkSpec(
            name="H01.invalid",
            purpose=purpose(
                "不应计时的时间：暂停、重复观看、页面不可见",
                "time that must not count: paused, watched again, hidden",
            ),
            seconds=_invalid,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
            attack=False,
        ),
        WalkSpec(
            name="H01.apart",
            purpose=purpose(
                "两名学员分别诚实学习27分钟和33分钟；所计学时在记录结算后（分段检测的后一段）读取",
                "two learners study honestly, one for 27 minutes and one for 33; what they are credited is read once "
                "the record has settled, in a later stage of the run",
            ),
            seconds=_apart,
            accounts=2,
            screens=2,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time"),
            attack=False,
            applies=lambda setting: setting.settles_later,
        ),
        WalkSpec(
            name="H01.settled",
            purpose=purpose(
                "记录结算后（分段检测的后一段）读取 H01.apart 两名学员的学时",
                "the hours of both learners of H01.apart are read once the record has settled, in a later stage of "
                "the run",
            ),
            seconds=lambda setting: 10 + 2 * setting.reading_s,
            accounts=0,
            lessons=0,
            needs=("credited_time",),
            attack=False,
            applies=lambda setting: setting.settles_later,
            follows="H01.apart",
        ),
    ),
    judgements=(
        Judgement("H01-1", ("H01.hour",), "judge_hour", instead=("H01.settled",)),
        Judgement("H01-1v", ("H01.hour", "F06.early"), "judge_lesson", instead=("H01.settled",)),
        Judgement("H01-2", ("H02.share",), "judge_offline_hour"),
        Judgement("H01-3", ("H01.invalid",), "judge_invalid"),
        Judgement("H01-4", ("H01.hour",), "judge_cap", instead=("H01.settled",)),
    ),
)
