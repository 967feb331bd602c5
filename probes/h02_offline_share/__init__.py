"""H02 线下比例: theory is not complete without 30 % of the outline in a classroom, and practice is not online."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

PAGES_S = 12.0
"""For four imports, one entry of hours and two bookings; our own time, never scaled."""


def _share(setting: Setting) -> float:
    return 10 + PAGES_S


SPEC = ProbeSpec(
    id="H02",
    package="h02_offline_share",
    walks=(
        WalkSpec(
            name="H02.share",
            purpose=purpose(
                "在测试账号上补录足够的线上学时，再逐次导入线下考勤至三成前后；预约线上实操",
                "online hours entered on a test account, attendance imported to below and above 30 %; practice online",
            ),
            seconds=_share,
            screens=2,
            spends=True,
            exclusive=("admin",),
            needs=("log_in", "completion", "import_attendance"),
            applies=lambda setting: setting.policy.get("offline_hours") != "not_held",
        ),
    ),
    judgements=(
        Judgement("H02-1", ("H02.share",), "judge_share"),
        Judgement("H02-2", ("H02.share",), "judge_online_only"),
        Judgement("H02-3", ("H02.share",), "judge_practice"),
        Judgement("H02-3", ("H01.hour",), "judge_study_is_no_practice"),
    ),
)
"""Hours by hand stand in for a month of study: tested is how they are counted, not how they were earned (OP-1)."""
