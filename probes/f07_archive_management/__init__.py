"""F07 档案管理: one file per learner and class period, with its three online parts, that can be found and checked."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

PAGES_S = 12.0
"""For two exports, an enrolment and a closed account; our own time, never scaled."""


def _file(setting: Setting) -> float:
    return 25 + PAGES_S + setting.control_s()


SPEC = ProbeSpec(
    id="F07",
    package="f07_archive_management",
    walks=(
        WalkSpec(
            name="F07.file",
            purpose=purpose(
                "同一学员再编入另一培训期，查看其档案；注销账号后再导出",
                "a learner is put into a second class period; the files are exported again after the account is closed",
            ),
            seconds=_file,
            screens=2,
            spends=True,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "archives"),
            attack=False,
        ),
    ),
    judgements=(
        Judgement("F07-1", ("H01.hour",), "judge_file"),
        Judgement("F07-2", ("F07.file",), "judge_closed"),
        Judgement("F07-11", ("F07.file",), "judge_periods"),
        Judgement("F07-12", ("H01.hour",), "judge_parts"),
        Judgement("F07-13", ("H01.hour",), "judge_verifiable"),
        Judgement("F07-13v", ("H01.hour",), "judge_trace"),
        Judgement("F07-13a", ("H01.hour",), "judge_seal"),
        Judgement("X-02", ("H01.hour",), "judge_record_archive"),
        Judgement("X-04", ("H01.hour",), "judge_certificate_archive"),
        Judgement("X-10", ("H01.hour",), "judge_archive_covered"),
    ),
)
