"""F02 实名注册: real names and valid documents only, and no credit before they are verified."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

CASES = 14
APPLYING_S = 2.0
"""What one application takes by hand of a machine: a page, eight fields, an answer."""


def _applications(setting: Setting) -> float:
    return 10 + CASES * APPLYING_S


APPROVED_S = 20.0
"""An administrator's log-in and two who are put into a course; our own time, never scaled."""


def _by_hand(setting: Setting) -> bool:
    """People approve who registers; and the record shows within a walk whether they study."""
    return setting.approved_by_hand and not setting.settles_later


def _looked_at(setting: Setting) -> float:
    return APPROVED_S + CASES * 8.0 + setting.opening_s + setting.control_s()


def _pending(setting: Setting) -> float:
    return 40 + 2 * (setting.opening_s + setting.reading_s + setting.control_s())


def _approved(setting: Setting) -> float:
    return APPROVED_S + 2 * (setting.opening_s + setting.reading_s + 1.5 * setting.control_s())


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
            applies=lambda setting: not _by_hand(setting),
        ),
        WalkSpec(
            name="F02.registered",
            purpose=purpose(
                "机构人工审核后（分段检测的后一段）查看 F02.register 中被受理的申请是否成为可以学习的账号",
                "once the institution's staff have decided, in a later stage of the run: which of the applications "
                "that F02.register got taken have become accounts that may study",
            ),
            seconds=_looked_at,
            accounts=0,
            lessons=0,
            screens=2,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play"),
            applies=lambda setting: setting.approved_by_hand,
            follows="F02.register",
            awaits="approval",
        ),
        WalkSpec(
            name="F02.pending",
            purpose=purpose(
                "自行注册的账号和机构录入未核验的账号在审核前直接访问课程，然后留待机构人工审核",
                "an account that registered itself and one imported unverified open a lesson by its address before "
                "anybody has approved them, and are left to the institution's staff",
            ),
            seconds=_pending,
            accounts=0,
            lessons=0,
            screens=2,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "credited_time", "register"),
            applies=_by_hand,
        ),
        WalkSpec(
            name="F02.approved",
            purpose=purpose(
                "机构人工审核后（分段检测的后一段）用 F02.pending 的账号学习",
                "the accounts of F02.pending study once the institution's staff have approved them, in a later stage "
                "of the run",
            ),
            seconds=_approved,
            accounts=0,
            lessons=0,
            screens=2,
            exclusive=("admin",),
            needs=("log_in", "open_lesson", "play", "credited_time"),
            applies=_by_hand,
            follows="F02.pending",
            awaits="approval",
        ),
    ),
    judgements=(
        Judgement("F02-1", ("F02.register",), "judge_registration", instead=("F02.registered",)),
        Judgement("F02-1v", ("F02.register",), "judge_portrait_and_masking", instead=("F02.registered",)),
        Judgement("F02-1a", ("F02.register",), "judge_age", instead=("F02.registered",)),
        Judgement("F02-2", ("F02.unverified",), "judge_unverified", instead=("F02.approved",)),
    ),
)
