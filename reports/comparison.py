"""A comparison of two runs for people: text for a terminal, HTML in one file."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.model.comparison import Change, Comparison
from reports import times
from reports.labels import Lang, label, named, pick
from reports.once import write_once
from reports.plain import clean, one_line
from reports.view import outcome_label

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
    observed = one_line(pick(change.observed_after, lang), LONGEST)
    return f"{sign} {change.id.rsplit('/', 1)[-1]} {outcomes}  ({sure}: {why}){waived}\n    {observed}"


def _filled(key: str, lang: Lang, **values: int) -> str:
    return pick(label(key), lang).format(**values)


def render(of: Comparison, lang: Lang = "zh") -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters.update(
        main=lambda text: text.zh if lang == "zh" else text.en,
        side=lambda text: text.en if lang == "zh" else text.zh,
        beijing=times.beijing,
        short=lambda id: id.rsplit("/", 1)[-1],
    )
    css = Markup((Path(__file__).with_name("templates") / "comparison.css").read_text(encoding="utf-8"))
    return environment.get_template("comparison.html.j2").render(
        L=label,
        named=named,
        outcome=outcome_label,
        of=of,
        lang=lang,
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
    )


def write(path: Path, of: Comparison, lang: Lang = "zh") -> Path:
    """Write the page. Raises LedgerError if something has this name."""
    return write_once(path, render(of, lang))
