"""pytest plugin: presents each requirement of a run as a test item, with the true times of its walks.

    pytest -p harness.plugin --xunjian-run RUNDIR             opens a finished run
    pytest -p harness.plugin --xunjian-profile PROFILE        certifies first, then presents the run

It schedules nothing and judges nothing: the engine has done that, and the items only repeat the verdicts. FAIL is
`failed`; PASS and WARN are `passed`; INCONCLUSIVE, REVIEW and NOT_APPLICABLE are `skipped` with the reason. With
pytest-html each row also shows outcome, expected and observed; with --junitxml they are properties of the test case.
"""

from __future__ import annotations

import html
import importlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from harness.errors import UsageError
from harness.model.finding import Verdict
from harness.model.outcome import Level
from harness.model.run import RunResult
from reports import json_run, junit, times
from reports.labels import label
from reports.plain import clean, one_line

LONGEST_CELL = 300
RUN = pytest.StashKey[Path]()
RESULT = pytest.StashKey[RunResult]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `xunjian certify` that make sense here."""
    group = parser.getgroup("xunjian", "conformance of an online safety-training platform")
    group.addoption("--xunjian-run", metavar="RUNDIR", help="present the verdicts of this finished run")
    group.addoption("--xunjian-profile", metavar="PROFILE", help="certify this platform, then present its verdicts")
    group.addoption("--xunjian-base-url", metavar="URL", help="where the platform is, instead of the profile's address")
    group.addoption("--xunjian-only", metavar="F11,H01", help="only these functions or requirements: a partial run")
    group.addoption("--xunjian-time-scale", metavar="N", type=float, default=1.0, help="rehearse N times faster")
    group.addoption("--xunjian-run-dir", metavar="DIR", help="the new run's folder")


def pytest_configure(config: pytest.Config) -> None:
    """Refuses options that contradict each other, before anything is touched."""
    run, profile = config.getoption("--xunjian-run"), config.getoption("--xunjian-profile")
    if run and profile:
        raise pytest.UsageError("give --xunjian-run or --xunjian-profile, not both")
    if not (run or profile):
        return
    for level in Level:
        config.addinivalue_line("markers", f"{level.value}: requirements of this level, for -m")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        raise pytest.UsageError("test files cannot be mixed with a run: call pytest twice")
    if profile and config.getoption("--collect-only"):
        raise pytest.UsageError("--collect-only with --xunjian-profile would certify; name a finished run instead")
    # pytest takes the run's folder for its root; it must not leave a cache there, nor forget what failed in tests.
    for name in ("lfplugin", "nfplugin"):
        if config.pluginmanager.has_plugin(name):
            config.pluginmanager.unregister(name=name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> bool | None:
    """Collects the requirements of the run in place of test files; makes the run first where a profile was given."""
    config = session.config
    try:
        run = _run_folder(config)
        if run is None:
            return None
        config.stash[RESULT] = json_run.read(run)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from error
    config.stash[RUN] = run
    collector = RunCollector.from_parent(session, name=one_line(run.name, 120))
    report = collector.ihook.pytest_make_collect_report(collector=collector)
    session.items = list(report.result)
    for item in session.items:
        item.ihook.pytest_itemcollected(item=item)
    collector.ihook.pytest_collectreport(report=report)
    config.hook.pytest_collection_modifyitems(session=session, config=config, items=session.items)
    session.testscollected = len(session.items)
    config.hook.pytest_collection_finish(session=session)
    return True


def _run_folder(config: pytest.Config) -> Path | None:
    if run := config.getoption("--xunjian-run"):
        return Path(run)
    profile = config.getoption("--xunjian-profile")
    if not profile:
        return None
    only = config.getoption("--xunjian-only")
    run_dir = config.getoption("--xunjian-run-dir")
    # Loaded only now: opening a finished run needs neither browser nor engine.
    certify = importlib.import_module("harness.certify").certify_sync
    return Path(
        certify(
            profile=Path(profile),
            base_url=config.getoption("--xunjian-base-url"),
            only=tuple(only.split(",")) if only else (),
            time_scale=config.getoption("--xunjian-time-scale"),
            run_dir=Path(run_dir) if run_dir else None,
        )
    )


class Unsettled(NamedTuple):
    """pytest's own form of a skip, which pytest-html prints as it is: then let it print the reason."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return self.reason


class NotMet(Exception):
    """A requirement whose verdict is FAIL."""


class RunCollector(pytest.Collector):
    """The requirements of one run."""

    def collect(self) -> Iterator[RequirementItem]:
        """One item per requirement, in the standard's order."""
        result = self.config.stash[RESULT]
        for verdict in result.requirements:
            yield RequirementItem.from_parent(
                self, name=one_line(verdict.id, 200), nodeid=one_line(verdict.id, 200), verdict=verdict, result=result
            )


class RequirementItem(pytest.Item):
    """One requirement; running it says again what the judge said."""

    def __init__(self, *, verdict: Verdict, result: RunResult, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.verdict = verdict
        self.span = times.span(times.walks_of(verdict, result), result)
        self.add_marker(verdict.level.value)
        self.user_properties += [
            ("requirement", one_line(verdict.id)),
            ("outcome", outcome(verdict)),
            ("level", verdict.level.value),
            ("expected", _both(verdict.expected.zh, verdict.expected.en)),
            ("observed", _both(verdict.observed.zh, verdict.observed.en)),
            ("evidence", one_line(" ".join(verdict.evidence))),
            ("ledger", " ".join(str(seq) for seq in verdict.refs)),
        ]

    def runtest(self) -> None:
        """Raises NotMet for a FAIL and skips what could not be told."""
        if self.verdict.outcome in junit.FAILED:
            raise NotMet(junit.message(self.verdict))
        if self.verdict.outcome not in junit.PASSED:
            pytest.skip(junit.message(self.verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected and observed, instead of a traceback of ours."""
        if isinstance(excinfo.value, NotMet):
            return f"{excinfo.value}\n{junit.message(self.verdict, 'en')}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The run's result stands for a source file."""
        return self.config.stash[RUN] / json_run.RUN_JSON, None, one_line(self.verdict.title.zh, 200)

    def sections_of(self) -> list[tuple[str, str]]:
        """What a report shows below the row."""
        verdict = self.verdict
        evidence = "\n".join(f"evidence/{one_line(name, 200)}" for name in verdict.evidence)
        parts = [
            ("expected", clean(f"{verdict.expected.zh}\n{verdict.expected.en}")),
            ("observed", clean(f"{verdict.observed.zh}\n{verdict.observed.en}")),
            ("uncertainty", clean(verdict.uncertainty)),
            ("clause", clean(verdict.clause)),
            ("limit", clean(verdict.limit_from)),
            ("evidence", evidence),
            ("ledger lines", ", ".join(str(seq) for seq in verdict.refs)),
        ]
        return [(name, text) for name, text in parts if text.strip()]


def outcome(verdict: Verdict) -> str:
    """`FAIL`, or `INCONCLUSIVE(NOT_RUN)`."""
    return f"{verdict.outcome.value}({verdict.reason.value})" if verdict.reason else verdict.outcome.value


def _both(zh: str, en: str) -> str:
    return one_line(f"{zh} / {en}" if en and en != zh else zh)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Gives the call the time that its walks took when the run was made; presenting it costs nothing."""
    report = yield
    if isinstance(item, RequirementItem):
        report.verdict = item.verdict  # type: ignore[attr-defined]
        if report.when == "call":
            report.start, report.stop, report.duration = item.span.start, item.span.stop, item.span.took
            if report.skipped:
                report.longrepr = Unsettled(json_run.RUN_JSON, 1, junit.message(item.verdict))
            report.sections = [*report.sections, *item.sections_of()]
        else:
            at = item.span.start if report.when == "setup" else item.span.stop
            report.start, report.stop, report.duration = at, at, 0.0
    return report


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Says what is presented."""
    run = config.getoption("--xunjian-run") or config.getoption("--xunjian-profile")
    return [f"xunjian: {run}"] if run else []


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The decision, below pytest's own counts."""
    result = config.stash.get(RESULT, None)
    if result is None:
        return
    terminalreporter.section("xunjian")
    for line in conclusions(result):
        terminalreporter.write_line(line)


def conclusions(result: RunResult) -> list[str]:
    """Both decisions in both languages, a line each."""
    lines = []
    for key, decision in (("decision", result.decision), ("extended", result.decision_extended)):
        title, word = label(key), label(f"decision.{decision.value}")
        lines.append(f"{title.zh} {title.en}: {word.zh} {word.en}")
    return lines


@pytest.hookimpl(optionalhook=True)
def pytest_html_report_title(report: Any) -> None:
    """The page's title."""
    report.title = f"{label('title').zh} {label('title').en}"


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_summary(prefix: list[str], session: pytest.Session) -> None:
    """What was decided on which subject, and that the durations are the run's."""
    result = session.config.stash.get(RESULT, None)
    if result is None:
        return
    note = label("presented")
    lines = [one_line(f"{result.run_id} · {result.subject.name} {result.subject.version}", LONGEST_CELL)]
    lines += [*conclusions(result), f"{note.zh} {note.en}"]
    prefix.extend(f"<p>{html.escape(line)}</p>" for line in lines)


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_header(cells: list[str]) -> None:
    """Columns outcome, expected and observed; no column for links, which we don't have."""
    heads = (
        ("outcome", label("col.outcome")),
        ("expected", label("field.expected")),
        ("observed", label("field.observed")),
    )
    cells[2:2] = [
        f'<th class="sortable" data-column-type="{name}">{html.escape(text.zh)} {html.escape(text.en)}</th>'
        for name, text in heads
    ]


@pytest.hookimpl(optionalhook=True)
def pytest_html_results_table_row(report: Any, cells: list[str]) -> None:
    """The cells of those columns; everything that a platform wrote is escaped."""
    verdict: Verdict | None = getattr(report, "verdict", None)
    if verdict is None:
        cells[2:2] = ["<td></td>"] * 3
        return
    values = {
        "outcome": outcome(verdict),
        "expected": one_line(verdict.expected.zh, LONGEST_CELL),
        "observed": one_line(verdict.observed.zh, LONGEST_CELL),
    }
    cells[1] = f'<td class="col-testId">{html.escape(one_line(f"{verdict.id} {verdict.title.zh}", LONGEST_CELL))}</td>'
    cells[2:2] = [f'<td class="col-{name}">{html.escape(value)}</td>' for name, value in values.items()]
