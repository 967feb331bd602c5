"""A comparison of two runs for people: text for a terminal, HTML in one file."""

from __future__ import annotations

from pathlib import Path

from harness.model.comparison import Change, Comparison
from reports import page, times
from reports.labels import Lang, label, pick
from reports.once import write_once
from reports.plain import one_line
from reports.view import outcome_label
from reports.wording import spoken

LONGEST = 160


def text(of: Comparison, lang: Lang = "zh") -> str:
    """Lines for a terminal: what differs, what changed, what was executed only once."""
    lines = [
        f"{one_line(side.subject, 40)} {one_line(side.version, 20)}  {side.number}  {times.beijing(side.started_utc)}"
        for side in (of.before, of.after)
    ]
    for d in of.differences:
        lines.append(f"  {pick(label(f'cause.{d.cause}'), lang)}: {one_line(d.before, 80)} -> {one_line(d.after, 80)}")
    lines += [f"  {pick(note, lang)}" for note in of.notes]
    lines.append(_filled("compare.counts", lang, changed=len(of.changes), same=of.same))
    lines += [_line(change, lang) for change in of.changes]
    for key, ids in (("compare.only_before", of.only_before), ("compare.only_after", of.only_after)):
        if ids:
            lines.append(f"{pick(label(key), lang)}: {', '.join(id.rsplit('/', 1)[-1] for id in ids)}")
    return "\n".join(lines)


def _line(change: Change, lang: Lang) -> str:
    sign = "-" if change.waived else "!" if change.worse else "+"
    outcomes = " -> ".join(pick(outcome_label(o, change.level), lang) for o in (change.before, change.after))
    why = ", ".join(pick(label(f"cause.{c}"), lang) for c in change.causes)
    sure = pick(label("compare.proven" if change.proven else "compare.possible"), lang)
    waived = f"  [{pick(label('compare.waived'), lang)}: {one_line(change.waived, 80)}]" if change.waived else ""
    observed = one_line(spoken(change.observed_after, lang), LONGEST)
    return f"{sign} {change.id.rsplit('/', 1)[-1]} {outcomes}  ({sure}: {why}){waived}\n    {observed}"


def _filled(key: str, lang: Lang, **values: int) -> str:
    return pick(label(key), lang).format(**values)


def render(of: Comparison, lang: Lang = "zh") -> str:
    """The page as text."""
    return page.render("comparison", lang, of=of, outcome=outcome_label)


def write(path: Path, of: Comparison, lang: Lang = "zh") -> Path:
    """Write the page. Raises LedgerError if something has this name."""
    return write_once(path, render(of, lang))
