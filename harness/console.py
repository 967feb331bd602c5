"""A run's result for the terminal: the decision, the fifteen functions, what failed and what is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from harness.model.finding import Verdict
from harness.model.outcome import Decision, Level, Mode, Outcome
from harness.model.run import RunResult
from harness.stages import beijing
from reports.labels import Lang, label, named, pick
from reports.plain import one_line
from reports.view import outcome_label
from reports.wording import spoken

SIGNS = {
    Outcome.PASS: ("✓", "green"),
    Outcome.WARN: ("!", "yellow"),
    Outcome.REVIEW: ("?", "cyan"),
    Outcome.INCONCLUSIVE: ("…", "magenta"),
    Outcome.FAIL: ("✗", "bold red"),
    Outcome.NOT_APPLICABLE: ("-", "dim"),
}
DECISIONS = {
    Decision.CONFORMANT: "bold green",
    Decision.NONCONFORMANT: "bold red",
    Decision.INCOMPLETE: "bold yellow",
}
OPEN = (Outcome.INCONCLUSIVE, Outcome.REVIEW)
LONGEST = 160


def show(console: Console, result: RunResult, lang: Lang = "zh") -> None:
    """Print the result. The console decides about colour and width; nothing that a platform wrote is markup."""
    console.print(render(result, lang))


def render(result: RunResult, lang: Lang = "zh") -> RenderableType:
    """Decision, functions, failures and open mandatory requirements, one under the other."""
    failing = [v for v in result.requirements if v.outcome is Outcome.FAIL]
    still_open = [v for v in result.requirements if v.mandatory and v.outcome in OPEN]
    parts: list[RenderableType] = [_heading(result, lang), functions(result, lang)]
    if failing:
        parts.append(requirements(failing, pick(label("console.failing"), lang), lang))
    else:
        parts.append(Line(pick(label("console.nothing_failed"), lang)))
    if still_open:
        parts.append(requirements(still_open, pick(label("console.open"), lang), lang))
    return Group(*parts)


def _heading(result: RunResult, lang: Lang) -> Line:
    text = Line()
    text.append(one_line(result.subject.name, 60), style="bold")
    text.append(f" {one_line(result.subject.version, 30)}  {result.run_id}\n")
    _decision(text, "decision", result.decision, lang)
    text.append(f"  {one_line(pick(result.decision_why, lang), LONGEST)}\n")
    _decision(text, "extended", result.decision_extended, lang)
    text.append(f"  {pick(label('extended.note'), lang)}", style="dim")
    if result.mode is not Mode.CERTIFICATION:
        text.append("\n")
        _decision(text, "would_be", result.would_be, lang)
        text.append(f"  {pick(label(f'mode.{result.mode.value}'), lang)}", style="dim")
    elif result.would_be is not result.decision:
        text.append("\n")
        _decision(text, "would_be.found", result.would_be, lang)
    return text


def _decision(text: Line, key: str, decision: Decision, lang: Lang) -> None:
    text.append(f"{pick(label(key), lang)}: ")
    text.append(pick(label(f"decision.{decision.value}"), lang), style=DECISIONS[decision])


def how_it_goes_on(folder: Path, result: RunResult, lang: Lang = "zh") -> list[str]:
    """Of a run that was left: what it waits for, from when, and the command that takes it up; nothing of others."""
    if not result.waits:
        return []
    lines = [pick(result.decision_why, lang)]
    lines += [
        f"  {w.what}{f' → {w.walk}' if w.follows else ''}: {beijing(datetime.fromisoformat(w.not_before))}"
        for w in result.waits
    ]
    whom = dict.fromkeys(name for w in result.waits for name in w.whom)
    if whom:
        lines.append(f"  {pick(label('stage.whom'), lang)} {', '.join(whom)}")
    return [*lines, pick(label("stage.left"), lang), f"  xunjian certify PROFILE --resume {folder}"]


def functions(result: RunResult, lang: Lang = "zh") -> Table:
    """The table of the fifteen functions."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key in ("col.function", "col.outcome", "col.outcome_extended", "col.why"):
        table.add_column(pick(label(key), lang), no_wrap=key != "col.why", overflow="fold")
    for key, row in result.functions.items():
        name = row.zh if lang == "zh" else row.en
        same = row.outcome_extended is row.outcome
        table.add_row(
            Line(f"{key} {one_line(name, 40)}"),
            sign(row.outcome, lang),
            Line("") if same else sign(row.outcome_extended, lang, Level.DEFAULT),
            Line(one_line(pick(row.why, lang), LONGEST)),
        )
    return table


def requirements(verdicts: Sequence[Verdict], title: str, lang: Lang = "zh") -> Table:
    """A table of some requirements: whose rule, outcome, how often, what was observed."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for key in ("col.requirement", "col.level", "col.outcome", "field.observed"):
        table.add_column(pick(label(key), lang), overflow="fold", no_wrap=key == "col.level")
    for v in verdicts:
        outcome = sign(v.outcome, lang, v.level)
        if v.reason:
            outcome.append(f" {pick(named('reason', v.reason.value), lang)}", style="dim")
        if v.repeated:
            outcome.append(f" {one_line(v.repeated, 12)}", style="dim")
        table.add_row(
            Line(f"{one_line(v.id.rsplit('/', 1)[-1], 20)} {one_line(pick(v.title, lang), 60)}"),
            Line(pick(label(f"level.{v.level.value}"), lang)),
            outcome,
            Line(one_line(spoken(v.observed, lang), LONGEST)),
        )
    return table


def sign(outcome: Outcome, lang: Lang = "zh", level: Level | None = None) -> Line:
    """An outcome as sign and word: readable without colour."""
    mark, style = SIGNS[outcome]
    return Line(f"{mark} {pick(outcome_label(outcome, level), lang)}", style=style)
