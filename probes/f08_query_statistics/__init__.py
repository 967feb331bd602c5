"""F08 查询统计: queries find, filters filter, totals equal the detail."""

from harness.probe import Judgement, ProbeSpec, WalkSpec, purpose

READING_S = 5.0
"""One reading of a statistics page or export."""
READINGS = 14
ALONE = ("F08.query",)

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
        Judgement("F08-1", ("H01.hour",), "judge_query", needs=("statistics",), instead=ALONE),
        Judgement("F08-1v", ("H01.hour",), "judge_filters", needs=("statistics",), instead=ALONE),
        Judgement("F08-2", ("H01.hour",), "judge_totals", needs=("statistics",), instead=ALONE),
        Judgement("F08-2", ("F07.file",), "judge_closed_totals", needs=("statistics",)),
        Judgement("X-03", ("H01.hour",), "judge_record_statistics", needs=("statistics",), instead=ALONE),
        Judgement("X-05", ("H01.hour",), "judge_statistics_archive", needs=("statistics",), instead=ALONE),
        Judgement("X-08", ("H01.hour",), "judge_certificate_statistics", needs=("statistics",), instead=ALONE),
        Judgement("X-11", ("H01.hour",), "judge_statistics_covered", needs=("statistics",), instead=ALONE),
    ),
)
"""Everything else is read at the end of walks that other functions need."""
