"""report.html: the official report. One file, no script, nothing fetched, everything that a platform wrote escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.model.finding import Text
from harness.model.outcome import Level, Mode
from harness.model.run import RunResult
from reports import times, view
from reports.labels import Lang, label, named
from reports.once import write_once
from reports.plain import clean, one_line

REPORT_HTML = "report.html"
STATEMENTS = ("scope", "absence", "limits", "quoted", "nature")
RULES = ("decision", "uncertainty", "repeat", "credit")


def render(result: RunResult, lang: Lang = "zh") -> str:
    """The page as text. `lang` is the language that stands first; the other stands beside it, smaller."""
    environment = _environment(lang)
    css = Markup(_css(environment, result))
    return environment.get_template("report.html.j2").render(
        run=result,
        lang=lang,
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        findings=view.findings(result),
        groups=view.groups(result),
        apart=view.set_apart(result),
        extended_level=Level.DEFAULT,
        official=result.mode is Mode.CERTIFICATION,
        statements=[label(f"statement.{name}") for name in STATEMENTS],
        rules=[label(f"rule.{name}") for name in RULES],
    )


def write(run_dir: Path, result: RunResult, lang: Lang = "zh") -> Path:
    """Write report.html into a run's folder. Raises LedgerError if there is one."""
    return write_once(run_dir / REPORT_HTML, render(result, lang))


def _environment(lang: Lang) -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.globals.update(L=label, named=named, period=times.period, outcome_label=view.outcome_label)
    environment.filters.update(
        main=lambda text: text.zh if lang == "zh" else text.en,
        side=lambda text: text.en if lang == "zh" else text.zh,
        beijing=times.beijing,
        minutes=times.minutes,
        brief=_brief,
        short=lambda requirement: requirement.rsplit("/", 1)[-1],
    )
    return environment


def _harmless(value: object) -> object:
    """Every expression of the template passes here, so no author of a template can forget it."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else clean(value)


def _brief(text: Text, longest: int) -> Text:
    """A text for a narrow place; the whole of it stands on the requirement's card."""
    return Text(zh=one_line(text.zh, longest), en=one_line(text.en, longest * 2))


def _css(environment: Environment, result: RunResult) -> str:
    """The style sheet with the report's number in the margin of every printed page."""
    number = re.sub(r"[^A-Za-z0-9._-]", "_", result.run_id)
    mark = label(f"watermark.{result.mode.value}") if result.mode is not Mode.CERTIFICATION else Text(zh="", en="")
    source, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    return source.replace("%NUMBER%", number).replace("%MARK%", f"{mark.zh} {mark.en}".strip())
