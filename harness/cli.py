"""Every command; thin. Heavy parts are imported when a command needs them, so that --help is quick."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.errors import XunjianError

if TYPE_CHECKING:
    from types import FrameType

    from harness.model.run import RunResult

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Xunjian 训检: does an online training platform do what AQ 8011-2023 demands? 在线安全培训平台功能检测。",
)

Profile = Annotated[Path, typer.Argument(help="the platform's profile (YAML) 平台配置")]
Overlays = Annotated[str, typer.Option("--standard", help="overlays, e.g. jiangxi-2024-24 地方标准，逗号分隔")]
Only = Annotated[
    str, typer.Option("--only", help="functions, requirements or walks, e.g. F11,H01-3,F12.two_tabs 只检测这些")
]
Scale = Annotated[float, typer.Option("--time-scale", help="rehearsal: time runs N times faster 演练")]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="address, instead of the profile's 平台地址")]
Accounts = Annotated[
    int | None, typer.Option("--accounts", help="at most so many learner accounts 至多使用的学员账号数", min=1)
]
AsJson = Annotated[bool, typer.Option("--json", help="only JSON on standard output 只输出JSON")]
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]
Key = Annotated[
    str | None,
    typer.Option("--key", help="key that signs: env:NAME, file:PATH, keyring:SERVICE/NAME; else XUNJIAN_KEY 签名密钥"),
]
Tsa = Annotated[str | None, typer.Option("--tsa", envvar="XUNJIAN_TSA", help="time-stamping service 时间戳服务地址")]
Trust = Annotated[
    list[Path] | None,
    typer.Option("--trust", help="certificate of a trusted signer; else XUNJIAN_TRUST 受信任的签名证书"),
]
Run = Annotated[Path, typer.Argument(help="a run's folder 检测记录文件夹")]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _overlays(text: str) -> tuple[str, ...]:
    return tuple(name for name in _names(text) if name != "aq8011-2023")


@app.command()
def certify(
    profile: Profile,
    standard: Overlays = "",
    only: Only = "",
    observe: Annotated[bool, typer.Option("--observe", help="ordinary use only, no attacks 只观察，不攻击")] = False,
    resume: Annotated[
        Path | None, typer.Option(help="go on with a run that was left or killed 继续分段或中断的检测")
    ] = None,
    time_scale: Scale = 1.0,
    base_url: BaseUrl = None,
    out: Annotated[Path | None, typer.Option(help="also copy the finished run here 另存一份")] = None,
    runs: Annotated[Path, typer.Option(help="where runs are kept 检测记录目录")] = Path("runs"),
    seed: Annotated[int | None, typer.Option(help="repeat what was random 随机种子")] = None,
    slots: Annotated[int | None, typer.Option(help="browser windows side by side 并行窗口数", min=1)] = None,
    accounts: Accounts = None,
    key: Key = None,
    tsa: Tsa = None,
    valid_months: Annotated[int, typer.Option(help="how long a conclusion stands 结论有效月数", min=1, max=60)] = 12,
    once: Annotated[
        bool, typer.Option("--once", help="what fails is not tried again, and stays undecided 不符合项不复测，不作判定")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="print PDFs, too 同时生成PDF")] = True,
    as_json: AsJson = False,
    events: Annotated[bool, typer.Option("--events", help="JSON lines on standard error 进度以JSON输出")] = False,
    lang: Lang = "zh",
) -> None:
    """Certify a platform: observe, judge, report. 检测一个平台。Exit 0 通过, 1 不通过, 3 未完成."""
    from harness.assessor import at_terminal
    from harness.certify import certify as run
    from harness.live import watching
    from harness.prepare import Order

    order = Order(
        profile=profile,
        base_url=base_url,
        overlays=_overlays(standard),
        only=_names(only),
        observe_only=observe,
        scale=time_scale,
        seed=seed,
        runs=runs,
        resume=resume,
        slots=slots,
        accounts=accounts,
        out=out,
        key=key,
        tsa=tsa,
        valid_months=valid_months,
        once=once,
        printing=pdf,
    )
    with watching(sys.stderr, lang=lang, events=events, quiet=as_json) as onlooker:
        folder, result = run(order, onlooker.take, at_terminal(aside=onlooker.aside))
    _show(folder, result, as_json=as_json, lang=lang)
    raise typer.Exit(result.exit_code)


@app.command()
def plan(
    profile: Profile,
    standard: Overlays = "",
    only: Only = "",
    time_scale: Scale = 1.0,
    base_url: BaseUrl = None,
    observe: Annotated[bool, typer.Option("--observe", help="ordinary use only 只观察")] = False,
    accounts: Accounts = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Say what a run will do, before anything is touched. 检测前的计划。"""
    from harness.prepare import Order, prepared

    order = Order(
        profile,
        base_url=base_url,
        overlays=_overlays(standard),
        only=_names(only),
        observe_only=observe,
        scale=time_scale,
        accounts=accounts,
    )
    with prepared(order) as ready:
        from rich.console import Console

        from harness import planview

        accounts_given, lessons_given = len(ready.learners), len(ready.profile.lessons)
        if as_json:
            told = planview.as_json(
                ready.plan,
                ready.selection,
                accounts=accounts_given,
                lessons=lessons_given,
                setting=ready.setting,
                begin=ready.clock.utc(),
            )
            print(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            planview.show(
                Console(),
                ready.plan,
                ready.selection,
                lang,
                accounts=accounts_given,
                lessons=lessons_given,
                setting=ready.setting,
                begin=ready.clock.utc(),
            )


@app.command()
def rejudge(
    run: Run,
    standard: Overlays = "",
    html: Annotated[Path | None, typer.Option(help="also write the report that it gives 另存报告网页")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Judge a stored run again, under other overlays if given; the run is not touched. 用既有证据重新判定。"""
    from harness.stored import stored

    result = stored(run, _overlays(standard) if standard else None)
    if html is not None:
        from harness.conclude import page_of

        page_of(run, result, html, "en" if lang == "en" else "zh")
    _show(run, result, as_json=as_json, lang=lang)
    raise typer.Exit(result.exit_code)


@app.command()
def verify(run: Run, trust: Trust = None, as_json: AsJson = False) -> None:
    """Check a run offline: signature, chain, every file, and that the verdicts follow. 离线核验。Exit 0 or 1."""
    from harness.keys import find_trusted
    from harness.verify import verify_run

    report = verify_run(run, find_trusted(trust or ()))
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        for line in report.lines():
            print(line)
    raise typer.Exit(0 if report.intact else 1)


@app.command()
def papers(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="folder for them; by default beside the run 输出目录")] = None,
) -> None:
    """Working papers of a run: inspection list, re-check cards, list of findings. 核查表、复查卡、问题清单。"""
    from harness.papers import write_papers

    for path in write_papers(run, out or run.parent / f"{run.name}-papers"):
        print(path)


@app.command()
def recall(
    notice: Annotated[Path, typer.Argument(help="recall.yaml: which defect of the tool, in which versions 召回说明")],
    runs: Annotated[Path, typer.Option(help="where runs are kept 检测记录目录")] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """List the runs that a defect of this tool affects. 列出受工具缺陷影响的检测。Exit 1 when there are some."""
    from harness.recall import affected, read_notice

    found = affected(read_notice(notice), runs)
    if as_json:
        print(json.dumps([f.model_dump(mode="json") for f in found], ensure_ascii=False, indent=1))
    else:
        for f in found:
            print(f"{f.folder}  {f.subject} {f.version}  {f.decision}  {', '.join(f.requirements)}")
        print(f"受影响的检测 {len(found)} 次 runs affected")
    raise typer.Exit(1 if found else 0)


@app.command()
def bundle(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="the ZIP; by default beside the run 压缩包")] = None,
    redacted: Annotated[
        bool, typer.Option("--redacted", help="mask faces, names and numbers 遮蔽人像、姓名和号码")
    ] = False,
) -> None:
    """Pack a run into one ZIP for the file. 打包存档。"""
    from harness.bundle import bundle as pack

    target = out or run.parent / f"{run.name}{'-redacted' if redacted else ''}.zip"
    print(pack(run, target, redacted=redacted))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="a run's folder 前一次检测")],
    after: Annotated[Path, typer.Argument(help="a later run's folder 后一次检测")],
    html: Annotated[Path | None, typer.Option(help="also write a page 另存网页")] = None,
    waivers: Annotated[Path | None, typer.Option(help="waivers.yaml: known findings 已知问题豁免")] = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Say what changed between two runs, and why. 两次检测对照。Exit 1 when something got worse."""
    from harness.changes import check_two, compare_runs
    from harness.forms import Waivers, read_form
    from reports import comparison

    check_two(before, after)
    found = compare_runs(before, after, read_form(waivers, Waivers) if waivers else None)
    if html is not None:
        comparison.write(html, found, "en" if lang == "en" else "zh")
    print(found.model_dump_json(indent=1) if as_json else comparison.text(found, "en" if lang == "en" else "zh"))
    raise typer.Exit(1 if found.worse else 0)


@app.command()
def attest(
    run: Run,
    answers: Annotated[Path | None, typer.Argument(help="the run's questions.yaml, filled in 填好的问卷")] = None,
    objection: Annotated[Path | None, typer.Option(help="an objection answered point by point 异议及答复")] = None,
    reason: Annotated[str, typer.Option(help="why the report is amended 修订原因")] = "",
    key: Key = None,
    tsa: Tsa = None,
    trust: Trust = None,
    as_json: AsJson = False,
    lang: Lang = "zh",
) -> None:
    """Add an assessor's answers to a run, as an amended report beside it. 录入评定人员的回答，生成修订版报告。"""
    from harness.amend import amend, load_added
    from harness.conclude import Issue
    from harness.keys import find_key, find_trusted

    added = load_added(answers, objection, reason)
    issue = Issue(key=find_key(key), tsa=tsa, tell=lambda message: print(f"xunjian: {message}", file=sys.stderr))
    folder, result = amend(run, added, issue, trusted=find_trusted(trust or ()))
    _show(folder, result, as_json=as_json, lang=lang)
    raise typer.Exit(result.exit_code)


keys_app = typer.Typer(no_args_is_help=True, help="Keys that sign runs. 签名密钥。")
app.add_typer(keys_app, name="keys")


@keys_app.command("new")
def keys_new(
    name: Annotated[str, typer.Argument(help="who signs, as it shall stand on reports 签名人名称")],
    to: Annotated[str, typer.Option("--to", help="file:PATH or keyring:SERVICE/NAME 存放处")],
    days: Annotated[int, typer.Option(help="life of the certificate 证书有效天数", min=1, max=7300)] = 1095,
) -> None:
    """Make a key with its certificate. 新建签名密钥和证书。"""
    from harness.keys import make_key

    key, certificate = make_key(name, to, days)
    print(f"密钥 key: {to}")
    print(f"证书 certificate: {certificate}  (--trust)")
    print(f"指纹 fingerprint: {key.certificate.fingerprint}")
    print(f"有效期至 valid until: {key.certificate.not_after:%Y-%m-%d}")


@keys_app.command("show")
def keys_show(reference: Annotated[str, typer.Argument(help="env:NAME, file:PATH or keyring:SERVICE/NAME")]) -> None:
    """Say whose key it is, without showing it. 查看密钥属于谁。"""
    from harness.keys import find_key

    key = find_key(reference)
    assert key is not None  # a reference was given
    print(f"签名人 name: {key.certificate.name}")
    print(f"指纹 fingerprint: {key.certificate.fingerprint}")
    print(f"有效期至 valid until: {key.certificate.not_after:%Y-%m-%d}")


@app.command()
def calibrate(as_json: AsJson = False) -> None:
    """Measure how many windows this machine plays in time; later runs keep to it. 本机校准，约150秒。"""
    from dataclasses import asdict

    from harness.capacity import calibrate_machine
    from harness.machine import cache_file

    found = calibrate_machine(lambda line: print(f"  {line}", file=sys.stderr, flush=True))
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        print(f"可同时播放窗口 windows in time: {found.windows}  ({cache_file()})")


@app.command()
def demo(
    kolibri: Annotated[
        bool, typer.Option("--kolibri", help="Kolibri instead, in real time 改为检测 Kolibri（实时）")
    ] = False,
    lang: Lang = "zh",
) -> None:
    """A part of the certification on the reference platform, clean and with one defect that is caught. 演示。"""
    from harness.demo import KOLIBRI, PARTS, run_demo

    raise typer.Exit(run_demo("en" if lang == "en" else "zh", KOLIBRI if kolibri else PARTS))


@app.command()
def doctor(profile: Profile, base_url: BaseUrl = None, as_json: AsJson = False) -> None:
    """Try every action of a profile once, without attacks. 逐项试用配置中的操作。"""
    from harness.onboard.doctor import run_doctor

    raise typer.Exit(run_doctor(profile, base_url=base_url, as_json=as_json))


@app.command()
def selftest(
    defects: Annotated[str, typer.Option("--defects", help="ids or patterns, e.g. f11-*,null-* 只试这些缺陷")] = "",
    front: Annotated[str, typer.Option("--front", help="front ends 前端")] = "spa,classic",
    full: Annotated[bool, typer.Option("--full", help="every probe against each pack 每次运行全部探针")] = False,
    repeat: Annotated[bool, typer.Option("--repeat", help="every FAIL twice, as certify does 不符合项均复测")] = False,
    nulls: Annotated[str | None, typer.Option("--nulls", help="null platforms, e.g. blank,hang 空平台")] = None,
    time_scale: Annotated[float, typer.Option("--time-scale", min=1, help="rehearsal: time runs N times faster")] = 30,
    jobs: Annotated[int, typer.Option(help="certifications side by side 同时进行的检测数", min=1)] = 8,
    slots: Annotated[int | None, typer.Option(help="windows of each 每次检测的并行窗口数", min=1)] = None,
    folder: Annotated[Path, typer.Option(help="results, kept and taken up again 结果目录")] = Path("runs/selftest"),
    seed: Annotated[int | None, typer.Option(help="repeat what was random 随机种子")] = None,
    as_json: AsJson = False,
) -> None:
    """Every defect of the reference platform against the probes. 以植入缺陷检验本工具。Exit 0: all caught, else 1."""
    from harness.selftest.conduct import Order, conduct
    from harness.selftest.show import as_dict, lines

    order = Order(
        fronts=_names(front),
        patterns=_names(defects),
        full=full,
        repeat=repeat,
        nulls=None if nulls is None else _names(nulls),
        scale=time_scale,
        jobs=jobs,
        folder=folder,
        seed=seed,
        slots=slots,
    )
    summary = conduct(order, lambda line: print(line, file=sys.stderr, flush=True))
    if as_json:
        print(json.dumps(as_dict(summary), ensure_ascii=False, indent=1))
    else:
        for line in lines(summary):
            print(line)
        print(folder / "matrix.html")
    raise typer.Exit(0 if summary.passed else 1)


@app.command()
def stability(
    front: Annotated[str, typer.Option("--front", help="front ends 前端")] = "spa,classic",
    times: Annotated[int, typer.Option(help="rehearsals of each front 每个前端的演练次数", min=1)] = 20,
    busy: Annotated[
        int | None,
        typer.Option(help="how many of them beside a busy neighbour; else a quarter 其中有干扰的次数", min=0),
    ] = None,
    only: Only = "",
    minutes: Annotated[
        float | None, typer.Option(help="begin none after so long; the next start goes on 限时（分钟）", min=0)
    ] = None,
    time_scale: Annotated[float, typer.Option("--time-scale", min=1, help="rehearsal: time runs N times faster")] = 30,
    slots: Annotated[int | None, typer.Option(help="windows of each 每次检测的并行窗口数", min=1)] = None,
    folder: Annotated[Path, typer.Option(help="results, kept and taken up again 结果目录")] = Path("runs/stability"),
    seed: Annotated[int | None, typer.Option(help="repeat what was random 随机种子")] = None,
    as_json: AsJson = False,
) -> None:
    """Rehearse on clean platforms, again and again. 稳定性：无缺陷平台反复演练。Exit 0 no FAIL, 1 FAIL, 3 未完成."""
    from harness.stability.conduct import PAGE, Order, conduct
    from harness.stability.show import lines

    order = Order(
        fronts=_names(front),
        times=times,
        busy=busy,
        only=_names(only),
        scale=time_scale,
        minutes=minutes,
        folder=folder,
        seed=seed,
        slots=slots,
    )
    found = conduct(order, lambda line: print(line, file=sys.stderr, flush=True))
    if as_json:
        print(found.model_dump_json(indent=1))
    else:
        for line in lines(found):
            print(line)
        print(folder / PAGE)
    raise typer.Exit(found.exit_code)


def _show(folder: Path, result: RunResult, *, as_json: bool, lang: str) -> None:
    if as_json:
        print(result.model_dump_json(indent=1))
        return
    from rich.console import Console

    from harness.console import how_it_goes_on, show

    show(Console(), result, "en" if lang == "en" else "zh")
    print(f"{'检测记录' if lang == 'zh' else 'run'}: {folder}")
    for line in how_it_goes_on(folder, result, "en" if lang == "en" else "zh"):
        print(line)


def stop(number: int, frame: FrameType | None) -> None:
    """Told to end, as by a nightly job that takes too long: leave as on Ctrl-C, so that what we started ends, too."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):  # started in the background, where Ctrl-C is ignored
        raise KeyboardInterrupt
    handler(number, frame)


def main() -> None:
    """Entry point: our own errors become one message and their exit code."""
    signal.signal(signal.SIGTERM, stop)
    try:
        app()
    except XunjianError as error:
        print(f"xunjian: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
