"""F13 无操作锁屏: without operation the lesson locks, and locked time earns nothing."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

MARGIN_S = 60.0
"""Waited beyond the limit before saying that there is no lock."""
LOCKED_S = 60.0
"""Watched while locked: long enough that going on to earn would show."""


def wait_s(setting: Setting) -> float:
    """How long to do nothing: the declared limit and a fifth, else the harness's cap; always with a margin."""
    cap = setting.caps["idle_cap_s"]
    declared = setting.policy.get("idle_limit_s")
    limit = cap if declared is None else min(float(declared) * 1.2, cap)
    return limit / setting.scale + max(MARGIN_S / setting.scale, 4.0)


def _idle(setting: Setting) -> float:
    return 60 + 2 * setting.control_s() + wait_s(setting) + setting.span(LOCKED_S, 12)


def _undeclared(setting: Setting) -> bool:
    return setting.policy.get("idle_limit_s") is None


SPEC = ProbeSpec(
    id="F13",
    package="f13_idle_lock",
    walks=(
        WalkSpec(
            name="F13.idle",
            purpose=purpose(
                "开始播放后不做任何操作；锁屏后按学员方式解锁",
                "start a lesson and do nothing; then unlock as a learner would",
            ),
            seconds=_idle,
            attack=False,
            expects_fail=_undeclared,
        ),
        WalkSpec(
            name="F13.synthetic",
            purpose=purpose(
                "用脚本模拟操作代替真人；锁屏后用脚本去除遮罩继续播放",
                "synthetic events instead of a person; then tear the lock off and play on",
            ),
            seconds=_idle,
        ),
    ),
    judgements=(
        Judgement("F13-1", ("F13.idle",), "judge_lock"),
        Judgement("F13-1v", ("F13.idle",), "judge_limit"),
        Judgement("F13-2", ("F13.idle",), "judge_locked_credit"),
        Judgement("F13-3", ("F13.synthetic",), "judge_overlay"),
        Judgement("F13-1t", ("F13.synthetic",), "judge_lock"),
    ),
)
