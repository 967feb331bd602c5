"""F08 查询统计: queries find, filters filter, totals equal the detail."""

from harness.probe import Judgement, ProbeSpec, WalkSpec, purpose

READING_S = 5.0
"""One reading of a statistics page or export."""
READINGS = 14


def _of_a_course(requirement: str, judge: str) -> Judgement:
    """Read at the end of H01's honest hour; where no course can be finished, after a little study."""
    return Judgement(requirement, ("H01.hour",), judge, needs=("statistics",), instead=("F08.query",))


SPEC = ProbeSpec(
    id="F08",
    package="f08_query_statistics",
    walks=(
        WalkSpec(
            name="F08.query",
            purpose=purpose(
                "学习片刻，再按学员、班级、课程、日期查询统计",
                "study a little, and ask for it by learner, class, course and date",
            ),
            seconds=lambda setting: setting.opening_s + setting.control_s() + setting.reading_s + READINGS * READING_S,
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "study_records", "statistics"),
            attack=False,
            # Elsewhere a whole course is asked for, at the end of H01's honest hour.
            applies=lambda setting: setting.test_course_s is None,
        ),
    ),
    judgements=(
        _of_a_course("F08-1", "judge_query"),
        _of_a_course("F08-1v", "judge_filters"),
        _of_a_course("F08-2", "judge_totals"),
        Judgement("F08-2", ("F07.file",), "judge_closed_totals", needs=("statistics",)),
        _of_a_course("X-03", "judge_record_statistics"),
        _of_a_course("X-05", "judge_statistics_archive"),
        _of_a_course("X-08", "judge_certificate_statistics"),
        _of_a_course("X-11", "judge_statistics_covered"),
    ),
)
"""Everything else is read at the end of walks that other functions need."""
