"""Results to render in tests: an ordinary mixed one, a clean one, and one written by a hostile platform."""

from __future__ import annotations

from pathlib import Path

from harness.model.finding import Finding, Text, Verdict
from harness.model.outcome import Decision, Level, Mode, Outcome, Reason, worst
from harness.model.run import (
    Conditions,
    Cost,
    FunctionResult,
    HarnessUsed,
    PlanFigures,
    RunResult,
    SelfTest,
    StandardUsed,
    Subject,
    WalkSummary,
)

FUNCTIONS = {
    "F01": ("课程管理", "course_management"),
    "F02": ("实名注册", "real_name_registration"),
    "F03": ("远程教学", "remote_teaching"),
    "F04": ("交流互动", "interaction"),
    "F05": ("学习记录", "learning_record"),
    "F06": ("学时证明", "hours_certificate"),
    "F07": ("档案管理", "archive_management"),
    "F08": ("查询统计", "query_statistics"),
    "F09": ("人像抓拍", "portrait_capture"),
    "F10": ("人脸识别", "face_recognition"),
    "F11": ("屏蔽快进", "fast_forward_blocking"),
    "F12": ("防止多点登录", "multi_login_prevention"),
    "F13": ("无操作锁屏", "idle_lock"),
    "H01": ("学时核算", "hour_accounting"),
    "H02": ("线下比例", "offline_share"),
}
PICTURE = "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a.png"

HOSTILE = (
    "<script>alert('x')</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} ../../etc/passwd "
    "\u202egnp.exe\u2066\u200f\u061c\u200b \x00\x07\x1b[31m\x7f\x9b\ufeff\ufffe]]>&amp;"
)
HUGE = "标题" * 4000


def verdict(
    requirement: str,
    title: tuple[str, str],
    outcome: Outcome = Outcome.PASS,
    *,
    level: Level = Level.BASE,
    reason: Reason | None = None,
    expected: tuple[str, str] = ("应符合", "as required"),
    observed: tuple[str, str] = ("符合", "as required"),
    uncertainty: str = "",
    repeated: str = "1/1",
    refs: tuple[int, ...] = (4, 9),
    evidence: tuple[str, ...] = (),
    walk: str = "",
    limit_from: str = "",
    clause: str = "应急厅〔2023〕52号 四.4",
    accepted: tuple[str, ...] = (),
    refused: tuple[str, ...] = (),
    observe: str = "automatic",
) -> Verdict:
    """One verdict with as many findings as attempts."""
    attempts = int(repeated.split("/")[1]) if repeated else 1
    findings = tuple(
        Finding(
            outcome=outcome,
            reason=reason,
            expected=Text(zh=expected[0], en=expected[1]),
            observed=Text(zh=observed[0], en=observed[1]),
            uncertainty=uncertainty,
            refs=refs,
            evidence=evidence,
            accepted=accepted,
            refused=refused,
            walk=walk,
            attempt=number,
        )
        for number in range(1, attempts + 1)
    )
    first = findings[0]
    return Verdict(
        id=f"AQ8011-2023/{requirement}",
        function=requirement.split("-")[0],
        level=level,
        mandatory=observe == "automatic" and level in (Level.BASE, Level.OVERLAY),
        observe=observe,
        title=Text(zh=title[0], en=title[1]),
        outcome=outcome,
        reason=reason,
        expected=first.expected,
        observed=first.observed,
        uncertainty=uncertainty,
        repeated=repeated,
        refs=refs,
        evidence=evidence,
        findings=findings,
        clause=clause,
        limit_from=limit_from,
    )


def walk(name: str, attempt: int = 1, start: str = "09:00:00", took: float = 1835.4, **more: str) -> WalkSummary:
    """One row of the table of walks."""
    fields: dict[str, str] = {"probe": "F11", "purpose": "拖动进度条", "status": "done", "account": "stu-07"}
    fields |= more
    return WalkSummary(
        walk=name,
        attempt=attempt,
        lessons=("lesson-1",),
        started_utc=f"2026-11-24T{start}.000000Z",
        took_s=took,
        first_seq=4,
        last_seq=900,
        **fields,
    )


def mixed_verdicts() -> tuple[Verdict, ...]:
    """All outcomes, all levels."""
    plain = {key: names for key, names in FUNCTIONS.items() if key not in {"F05", "F09", "F10", "F11", "F13", "H01"}}
    rest = tuple(verdict(f"{key}-1", (f"{zh}功能可用", f"{en} works")) for key, (zh, en) in plain.items())
    return (
        verdict(
            "F05-1",
            ("学习记录真实完整", "the study record is true and complete"),
            expected=("记录与实际学习时间之差不超过 30 秒", "record and real study differ by at most 30 s"),
            observed=("诚实学习 1800 秒，记录 1795 秒", "1800 s studied honestly, 1795 s recorded"),
            uncertainty="±5 s",
            limit_from="record_tolerance=30 second (harness)",
            walk="f05.honest",
            accepted=("honest_study",),
            refused=("closed_tab",),
        ),
        verdict(
            "F05-2",
            ("记录防篡改", "the record cannot be forged by the client"),
            Outcome.FAIL,
            level=Level.DEFAULT,
            expected=("重放或伪造的进度报告不增加学时", "a replayed or forged progress report adds no credit"),
            observed=(
                "重放一份报告 20 次，记录增加 200 秒；超出本工具限值",
                "20 replays added 200 s; exceeds the harness limit",
            ),
            repeated="2/2",
            walk="f05.replay",
            limit_from="forged_credit=0 second (harness)",
            accepted=("honest_study", "replay_20"),
            evidence=(PICTURE,),
        ),
        verdict(
            "F09-1",
            ("学习过程人像抓拍", "portraits are captured during study"),
            Outcome.INCONCLUSIVE,
            reason=Reason.PRECONDITION_UNMET,
            observed=("摄像头画面未被平台读取，无法判断", "the platform did not open the camera; cannot tell"),
            repeated="3/3",
            walk="f09.capture",
        ),
        verdict(
            "F09-4",
            ("禁用虚拟摄像头", "virtual cameras are refused"),
            Outcome.WARN,
            level=Level.ADVISORY,
            observed=("虚拟摄像头可用", "a virtual camera is accepted"),
            clause="",
        ),
        verdict(
            "F10-1",
            ("人脸识别核验", "the face is matched to the registered person"),
            Outcome.INCONCLUSIVE,
            reason=Reason.NOT_RUN,
            observed=("本次未检测该项", "no probe ran for this requirement"),
            repeated="",
            refs=(),
        ),
        verdict(
            "F10-5",
            ("单独同意、告知与替代方式", "separate consent, notice and an alternative"),
            Outcome.REVIEW,
            level=Level.LEGAL_NOTE,
            observe="review",
            observed=("待评定人员查阅资料后作答", "waits for an assessor's answer"),
            clause="人脸识别技术应用安全管理办法 第五、六条",
        ),
        verdict(
            "F11-1",
            ("屏蔽快进", "no seeking beyond what was watched"),
            Outcome.FAIL,
            expected=(
                "首次学习时，拖动进度条、方向键或地址栏均不得越过已观看位置 5 秒以上",
                "on first study, neither bar, keys nor address bar pass the watched frontier by more than 5 s",
            ),
            observed=(
                "从 0 分 40 秒拖到 25 分 00 秒，播放位置停在 25 分 00 秒，平台随后记入 24 分 20 秒",
                "dragged from 0:40 to 25:00; playback went on at 25:00 and the record later credited 24:20",
            ),
            uncertainty="±2 s",
            repeated="2/2",
            refs=(112, 118, 131, 640),
            evidence=(PICTURE,),
            walk="f11.drag",
            limit_from="seek_tolerance=5 second (harness)",
            accepted=("honest_study", "drag_bar"),
        ),
        verdict(
            "F11-2",
            ("计时不快于真实时间", "credit never outruns the wall clock"),
            expected=("2 倍速学习 300 秒，记入不超过 306 秒", "300 s at double speed credit at most 306 s"),
            observed=("记入 301 秒", "301 s credited"),
            uncertainty="±1 s",
            walk="f11.rate",
            limit_from="credit_ratio=1.02 ratio (harness)",
            accepted=("honest_study",),
            refused=("rate_2", "rate_16"),
        ),
        verdict(
            "F13-1",
            ("无操作锁屏", "the screen locks without input"),
            walk="f13.idle",
            limit_from="idle=300 second (declared)",
        ),
        verdict(
            "F13-1v",
            ("锁屏时限不超过本工具上限", "the idle limit is within the harness cap"),
            level=Level.DEFAULT,
            limit_from="idle_cap=600 second (harness)",
        ),
        verdict(
            "H01-1", ("线上 1 学时不少于 30 分钟", "an online hour is at least 30 minutes"), clause="AQ 8011-2023 4.4.4"
        ),
        verdict(
            "F07-14",
            ("档案保存期限", "retention of archives"),
            Outcome.REVIEW,
            level=Level.DOCUMENTARY,
            observe="documentary",
            observed=("待评定人员查阅资料后作答", "waits for an assessor's answer"),
        ),
        verdict(
            "F03-2",
            ("手机或电脑可学", "mobile or PC"),
            level=Level.OVERLAY,
            clause="赣应急字〔2024〕24号 第三条",
            observed=("PC 端可完成一课", "a lesson can be finished on a PC"),
        ),
        *rest,
    )


def rows(verdicts: tuple[Verdict, ...]) -> dict[str, FunctionResult]:
    """The fifteen rows of some verdicts."""
    found = {}
    for key, (zh, en) in FUNCTIONS.items():
        of = [v for v in verdicts if v.function == key]
        must = [v for v in of if v.mandatory]
        outcome = worst([v.outcome for v in must])
        stands = next(v for v in must if v.outcome is outcome)
        met = Text(zh="各项要求均符合", en="every requirement is met")
        extended = [v.outcome for v in of if v.mandatory or v.level in (Level.DEFAULT, Level.ADVISORY)]
        found[key] = FunctionResult(
            zh=zh,
            en=en,
            outcome=outcome,
            outcome_extended=worst(extended),
            requirements=tuple(v.id for v in of),
            why=met if outcome is Outcome.PASS else stands.observed,
        )
    return found


def build(verdicts: tuple[Verdict, ...] | None = None, **changes: object) -> RunResult:
    """A result around some verdicts (by default the mixed ones)."""
    judged = mixed_verdicts() if verdicts is None else verdicts
    result = RunResult(
        run_id="20261124-090000-7f3a",
        mode=Mode.CERTIFICATION,
        decision=Decision.NONCONFORMANT,
        decision_extended=Decision.NONCONFORMANT,
        would_be=Decision.NONCONFORMANT,
        would_be_extended=Decision.NONCONFORMANT,
        decision_why=Text(
            zh="F11-1 屏蔽快进不符合；2 项必检要求未能得出结论",
            en="F11-1 is not met; two mandatory requirements could not be told",
        ),
        subject=Subject(
            name="安培在线",
            vendor="示例科技有限公司",
            version="3.2.1",
            base_url="http://127.0.0.1:8080/",
            object="platform",
            assessment="commissioned",
            profile_digest="b" * 64,
        ),
        standard=StandardUsed(
            id="AQ8011-2023",
            overlays=("jiangxi-2024-24",),
            digest="c" * 64,
            title=Text(zh="安全生产培训机构基本条件", en="basic conditions of work-safety training institutions"),
        ),
        functions=rows(judged),
        requirements=judged,
        plan=PlanFigures(critical_path_s=3900.0, slot_s=15400.0, bound_s=3900.0),
        wall_s=4012.7,
        cost=Cost(cpu_s=1530.2, peak_rss_mb=2210.4, watched_min=214.0, cpu_s_per_watched_min=7.15),
        harness=HarnessUsed(version="0.1.0", digest="d" * 64),
        selftest=SelfTest(status="passed", defects=41, killed=41, date="2026-11-23"),
        conditions=Conditions(
            os="Linux 6.1",
            cores=2,
            memory_mb=24576,
            browser="Chromium 156.0.8078.79",
            flags=("--lang=zh-CN", "--window-size=1366,768"),
            clock_offset_s=0.012,
            clock_u_s=0.004,
            seed=42,
        ),
        walks=(
            walk("f05.honest", start="09:00:01", probe="F05", purpose="诚实学习一课"),
            walk("f05.replay", start="09:00:03", probe="F05", purpose="重放进度报告"),
            walk("f05.replay", 2, start="09:31:00", probe="F05", purpose="重放进度报告", account="stu-09"),
            walk("f09.capture", probe="F09", purpose="学习中抓拍", status="subject_error", message="no camera"),
            walk(
                "f09.capture", 2, probe="F09", purpose="学习中抓拍", status="subject_error", message="no camera request"
            ),
            walk(
                "f09.capture", 3, probe="F09", purpose="学习中抓拍", status="subject_error", message="no camera request"
            ),
            walk("f11.drag"),
            walk("f11.drag", 2, start="09:31:02", account="stu-11"),
            walk("f11.rate", purpose="倍速播放"),
            walk("f13.idle", probe="F13", purpose="无操作等待锁屏", took=912.0),
        ),
        not_tested=(
            Text(zh="手机端：配置声明有手机端，本次未检测", en="mobile: declared, not tested in this run"),
            Text(zh="直播学时：本次未检测", en="credit from live classes: not tested in this run"),
        ),
        started_utc="2026-11-24T09:00:00.000000Z",
        finished_utc="2026-11-24T10:06:52.700000Z",
        ledger_head="e" * 64,
        observations=6120,
    )
    return result.model_copy(update=changes)


def clean() -> RunResult:
    """A platform that meets everything."""
    judged = tuple(
        verdict(f"{key}-1", (f"{zh}功能可用", f"{en} works"), walk=f"{key.lower()}.honest")
        for key, (zh, en) in FUNCTIONS.items()
    )
    done = Decision.CONFORMANT
    return build(
        judged,
        decision=done,
        decision_extended=done,
        would_be=done,
        would_be_extended=done,
        decision_why=Text(zh="必检要求全部符合", en="every mandatory requirement is met"),
        not_tested=(),
    )


def hostile() -> RunResult:
    """Every text that a platform or its profile can influence is an attack on the report."""
    text = Text(zh=HOSTILE + HUGE, en=HOSTILE)
    judged = tuple(
        item.model_copy(
            update={
                "title": text,
                "observed": text,
                "expected": text,
                "uncertainty": HOSTILE,
                "clause": HOSTILE,
                "limit_from": HOSTILE,
                "evidence": ("../../../secret.png", HOSTILE, "javascript:alert(1)", PICTURE),
                "findings": tuple(
                    f.model_copy(update={"observed": text, "accepted": (HOSTILE,), "evidence": ("../x.html",)})
                    for f in item.findings
                ),
            }
        )
        for item in mixed_verdicts()
    )
    base = build(judged)
    return base.model_copy(
        update={
            "subject": Subject(name=HOSTILE + HUGE, vendor=HOSTILE, version=HOSTILE, base_url="javascript:alert(1)"),
            "decision_why": text,
            "not_tested": (text,),
            "walks": tuple(w.model_copy(update={"purpose": HOSTILE, "message": HOSTILE + HUGE}) for w in base.walks),
        }
    )


def store(run_dir: Path, result: RunResult) -> Path:
    """A finished run's folder around a result, with the one evidence file that the sample cites."""
    from reports import json_run

    (run_dir / "evidence").mkdir(parents=True)
    (run_dir / "evidence" / PICTURE).write_bytes(b"\x89PNG\r\n\x1a\n")
    json_run.write(run_dir, result)
    return run_dir
