"""OP-1, of F05 学习记录: what those who run the platform enter by hand shows for what it is, wherever it shows."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

TOOLS = (
    "exempt_face",
    "replace_portrait",
    "upload_portrait",
    "add_hours",
    "import_hours",
    "complete_in_batch",
    "import_attendance",
    "backdate_period",
)
"""The interventions, in the order in which they are tried; the last touches a class period and so comes last."""
EACH_S = 4.0
"""For one intervention and for reading what came of it; our own time, never scaled."""


def _tools(setting: Setting) -> float:
    return 20 + setting.control_s() + EACH_S * (len(TOOLS) + 1)


SPEC = ProbeSpec(
    id="F05",
    package="op_operator",
    walks=(
        WalkSpec(
            name="OP.tools",
            purpose=purpose(
                "在测试账号上逐一使用后台补录、导入、批量完成、豁免、更换照片等，查看各处是否标明",
                "the institution's tools used one by one on a test account, and every place looked at for their marks",
            ),
            seconds=_tools,
            screens=2,
            spends=True,
            lesson="test_course",
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "pause", "credited_time", "course_record"),
            applies=lambda setting: setting.policy.get("operator_tools") != "none",
        ),
    ),
    judgements=(Judgement("OP-1", ("OP.tools",), "judge_marks"),),
)
