"""F01 课程管理: courses are made, reviewed, published and withdrawn; what they promise is covered by what they hold."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

HOURS = 1
"""Class hours of the course that is made; the media that the profile gives it must last as long."""
LESSON_S = 1.5
"""What opening one lesson takes until its media is known."""
MOST_LESSONS = 16


def _manage(setting: Setting) -> float:
    return 55 + 4 * setting.control_s()


SPEC = ProbeSpec(
    id="F01",
    package="f01_course_management",
    walks=(
        WalkSpec(
            name="F01.manage",
            purpose=purpose(
                "新建、修改、未审先发、送审、审核、发布课程；学员学习；下架后直接访问；更换视频后再发布、再学习",
                "create, edit, publish without review, submit, review, publish; study; withdraw and open by address; "
                "replace the video, publish again, study again",
            ),
            seconds=_manage,
            lessons=0,
            screens=2,  # the reviewer's is open for seconds only
            exclusive=("admin",),
            needs=(
                "log_in",
                "open_lesson",
                "play",
                "pause",
                "credited_time",
                "courses",
                "lessons",
                "create_course",
                "edit_course",
                "submit_course",
                "review_course",
                "publish_course",
                "unpublish_course",
                "enrol",
            ),
        ),
        WalkSpec(
            name="F01.catalogue",
            purpose=purpose(
                "读取课程目录，逐课打开并测量视频的实际时长",
                "read the catalogue, open each lesson and measure how long its media really is",
            ),
            seconds=lambda setting: 10 + MOST_LESSONS * LESSON_S,
            lessons=0,
            needs=("log_in", "open_lesson", "courses", "lessons"),
            attack=False,
        ),
    ),
    judgements=(
        Judgement("F01-1", ("F01.manage",), "judge_management"),
        Judgement("F01-1v", ("F01.catalogue",), "judge_stated_content"),
        Judgement("F01-2a", ("F01.manage",), "judge_review_first"),
        Judgement("F01-3", ("F01.manage",), "judge_version"),
        Judgement("X-07", ("F01.catalogue",), "judge_measured_content"),
    ),
)
