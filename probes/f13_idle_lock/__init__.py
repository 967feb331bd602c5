"""F13 无操作锁屏: without operation the lesson locks, and locked time earns nothing."""

from harness.probe import Judgement, ProbeSpec, Setting, WalkSpec, purpose

MARGIN_S = 60.0
"""Waited beyond the limit before saying that there is no lock."""
LOCKED_S = 60.0
"""Watched while locked: long enough that going on to earn would show."""

RAISED_S = 3600.0
"""What a report claims that is sent while the lesson is locked."""
REPORTING_S = 15.0
"""Sending those, opening the lesson anew under a patched page, and coming back at a fresh device."""

AGAIN_S = 6.0
"""Starting the second wait, and reading the record after it."""


def wait_s(setting: Setting) -> float:
    """How long to do nothing: the declared limit and a fifth, else the harness's cap; always with a margin."""
    cap = setting.caps["idle_cap_s"]
    declared = setting.policy.get("idle_limit_s")
    limit = cap if declared is None else min(float(declared) * 1.2, cap)
    return limit / setting.scale + max(MARGIN_S / setting.scale, 4.0)


def _locks_s(setting: Setting) -> float:
    """When it locks if it does as it declares, else at the harness's cap."""
    declared = setting.policy.get("idle_limit_s")
    cap = setting.caps["idle_cap_s"]
    return (cap if declared is None else min(float(declared), cap)) / setting.scale


def idle_once_s(setting: Setting) -> float:
    """One wait, and a look at what the locked time earns."""
    waits = wait_s(setting) + setting.span(LOCKED_S, 12)
    return setting.opening_s + 5 * setting.reading_s + 2 * setting.control_s() + waits


def locked_once_s(setting: Setting) -> float:
    """The same on a platform that locks as it declares."""
    return idle_once_s(setting) - wait_s(setting) + _locks_s(setting)


def _idle_twice(setting: Setting) -> float:
    """Where nothing is declared no lock is likely, and then there is nothing to be done once more."""
    return idle_once_s(setting) + (0.0 if _undeclared(setting) else wait_s(setting) + AGAIN_S)


def _locked_twice(setting: Setting) -> float:
    return locked_once_s(setting) + (0.0 if _undeclared(setting) else _locks_s(setting) + AGAIN_S)


def _undeclared(setting: Setting) -> bool:
    return setting.policy.get("idle_limit_s") is None


SPEC = ProbeSpec(
    id="F13",
    package="f13_idle_lock",
    walks=(
        WalkSpec(
            name="F13.idle",
            purpose=purpose(
                "开始播放后不做任何操作；锁屏后按学员方式解锁；再次不做任何操作",
                "start a lesson and do nothing; then unlock as a learner would; then do nothing once more",
            ),
            seconds=_idle_twice,
            sooner=_locked_twice,
            attack=False,
            expects_fail=_undeclared,
        ),
        WalkSpec(
            name="F13.synthetic",
            purpose=purpose(
                "用脚本模拟操作、自动应答提示、始终显示在前台；锁屏后继续上报，再用脚本去除遮罩继续播放，"
                "再在途中改写页面自身的上报",
                "synthetic events, answered prompts and constant visibility instead of a person; then report on while "
                "locked, tear the lock off and play on, and change the page's own reports on their way",
            ),
            seconds=lambda s: idle_once_s(s) + REPORTING_S + s.span(LOCKED_S, 12),
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
