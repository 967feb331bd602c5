"""F06 学时证明: the certificate says what the record says, and none says more."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

PAGES_S = 20.0
"""For asking twice and reading; our own time, never scaled."""


def _early(setting: Setting) -> float:
    return 25 + PAGES_S + 2 * setting.control_s()


SPEC = ProbeSpec(
    id="F06",
    package="f06_hours_certificate",
    walks=(
        WalkSpec(
            name="F06.early",
            purpose=purpose(
                "只学了片刻即申请学时证明：用页面按钮，再用网址或接口",
                "a certificate asked for after a moment of study: by the button, then by its address",
            ),
            seconds=_early,
            lesson="test_course",
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "request_certificate", "certificate"),
        ),
    ),
    judgements=(
        Judgement("F06-1", ("H01.hour",), "judge_certificate"),
        Judgement("F06-2", ("H01.hour",), "judge_fields"),
        Judgement("F06-2a", ("H01.hour",), "judge_check"),
        Judgement("F06-3", ("F06.early", "H01.hour"), "judge_not_beyond"),
        Judgement("X-01", ("H01.hour",), "judge_record_certificate"),
        Judgement("X-09", ("H01.hour",), "judge_certificate_covered"),
    ),
)
