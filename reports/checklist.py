"""核查表: two pages for an inspector, in the order of the notice's annex, with the platform's part filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.model.dossier import Dossier
from harness.model.finding import Text
from harness.model.outcome import Outcome, worst
from reports import page
from reports.labels import label
from reports.view import outcome_label


@dataclass(frozen=True)
class Line:
    """One item of the annex."""

    id: str
    section: Text
    question: Text
    functions: tuple[str, ...] = ()
    """Rows of the platform's report that bear on it."""


@dataclass(frozen=True)
class Row:
    """An item with what is known: the platform's result, the assessor's answer, or boxes to tick."""

    line: Line
    first: bool
    """The first of its section."""
    result: Text | None
    answer: Text | None
    note: str


def rows(lines: Sequence[Line], dossier: Dossier) -> tuple[Row, ...]:
    """The items in the order given."""
    answered = {item.id: item for item in dossier.result.institution}
    found, section = [], ""
    for line in lines:
        given = answered.get(line.id)
        of = [dossier.result.functions[f].outcome for f in line.functions if f in dossier.result.functions]
        found.append(
            Row(
                line=line,
                first=line.section.zh != section,
                result=_result(worst(of), line.functions) if of else None,
                answer=label(f"answer.{given.answer}") if given else None,
                note=f"{given.text} {given.name} {given.date}".strip() if given else "",
            )
        )
        section = line.section.zh
    return tuple(found)


def _result(outcome: Outcome, functions: tuple[str, ...]) -> Text:
    """How the platform's rows came out; one that is not the platform's whole answer says which rows it is of."""
    word = outcome_label(outcome)
    rows_ = "、".join(functions) if len(functions) < 6 else f"{functions[0]}–{functions[-1]}"
    return Text(zh=f"平台检测：{word.zh}（{rows_}）", en=f"platform: {word.en} ({rows_})")


def render(lines: Sequence[Line], dossier: Dossier) -> str:
    """The page as text: A4, two pages."""
    return page.render(
        "checklist",
        run=dossier.result,
        parties=dossier.parties,
        rows=rows(lines, dossier),
        functions=[(k, f, outcome_label(f.outcome)) for k, f in dossier.result.functions.items()],
    )
