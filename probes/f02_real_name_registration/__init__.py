"""F02 实名注册: real names and valid documents only, and no credit before they are verified."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

CASES = 14
APPLYING_S = 2.0
"""What one application takes by hand of a machine: a page, eight fields, an answer."""


def _applications(setting: Setting) -> float:
    return 10 + CASES * APPLYING_S


def _unverified(setting: Setting) -> float:
    return 70 + 4 * setting.control_s()


SPEC = ProbeSpec(
    id="F02",
    package="f02_real_name_registration",
    walks=(
        WalkSpec(
            name="F02.register",
            purpose=purpose(
                "用虚构身份注册：有效信息、逐项缺失、证件号码错误、重复身份、年龄不符",
                "register with invented identities: valid ones, each item missing, wrong numbers, duplicates, odd ages",
            ),
            seconds=_applications,
            accounts=0,
            lessons=0,
            screens=2,
            exclusive=("admin",),
            needs=("register", "learners"),
        ),
        WalkSpec(
            name="F02.unverified",
            purpose=purpose(
                "自行注册未审核的账号和机构录入未核验的账号直接访问课程；核验通过后再学习",
                "an account that waits for approval and one imported unverified open a lesson by its address; "
                "then both are verified and study",
            ),
            seconds=_unverified,
            accounts=0,
            lessons=0,
            screens=2,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "credited_time", "register", "approve_learner", "enrol"),
        ),
    ),
    judgements=(
        Judgement("F02-1", ("F02.register",), "judge_registration"),
        Judgement("F02-1v", ("F02.register",), "judge_portrait_and_masking"),
        Judgement("F02-1a", ("F02.register",), "judge_age"),
        Judgement("F02-2", ("F02.unverified",), "judge_unverified"),
    ),
)
