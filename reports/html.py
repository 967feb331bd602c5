"""report.html: the official report. One file, no script, nothing fetched, everything that a platform wrote escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.model.dossier import Dossier, Picture
from harness.model.finding import Text
from harness.model.outcome import Level, Mode, Outcome
from harness.model.run import RunResult
from reports import charts, contact, times, view
from reports.labels import Lang, label, named
from reports.once import write_once
from reports.plain import clean, one_line
from reports.thumbs import thumbnails
from reports.wording import chinese, spoken

REPORT_HTML = "report.html"
STATEMENTS = ("scope", "absence", "limits", "quoted", "nature", "whole")
RULES = ("decision", "uncertainty", "repeat", "credit")


MOST_TIMELINES = 120
"""Walks that are drawn; three fit on a page."""
MOST_CROSSED = 400
MOST_PORTRAITS, MOST_SCREENS = 1000, 60
NUMERALS = "一二三四五六七八九十"


def render(of: Dossier | RunResult, lang: Lang = "zh", thumbs: Mapping[str, str] | None = None) -> str:
    """The page as text. `lang` is the language that stands first; the other stands beside it, smaller.

    `thumbs` holds the pictures to show, as data URIs by evidence name; a bare result has neither pictures nor
    timelines.
    """
    dossier = of if isinstance(of, Dossier) else Dossier(result=of)
    result = dossier.result
    environment = _environment(lang)
    css = Markup(_css(environment, result))
    small = {name: Markup(uri) for name, uri in (thumbs or {}).items()}  # ours, base64: not to be cut like a text
    groups = view.groups(dossier)
    drawn = [t for record in dossier.walks if (t := charts.timeline(record)) is not None]
    return environment.get_template("report.html.j2").render(
        run=result,
        lang=lang,
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        findings=view.findings(dossier),
        groups=groups,
        apart=view.set_apart(dossier),
        not_run=view.not_run(result),
        by_function=view.not_run_by_function(result),
        untested=view.untested(result),
        parties=dossier.parties,
        authorization=dossier.authorization,
        signer=dossier.signer,
        fingerprint=dossier.signer_fingerprint,
        valid_until=dossier.valid_until,
        amends=dossier.amends,
        sampling=_sampling(dossier),
        deviations=_deviations(result),
        hour_s=dossier.hour_s,
        scenes=dossier.scenes,
        hours=charts.bars(dossier.hours),
        crossed=view.crossed(dossier),
        places=view.places(result),
        consistency=view.cards(view.cross_verdicts(result), dossier),
        most_crossed=MOST_CROSSED,
        timelines=drawn[:MOST_TIMELINES],
        undrawn=max(0, len(drawn) - MOST_TIMELINES),
        drawn={(t.record.walk, t.record.attempt) for t in drawn[:MOST_TIMELINES]},
        pictures=_sheets(dossier, small),
        contact=contact.sheet(dossier, small),
        led=contact.led(dossier, small),
        presence=dossier.presence,
        opinions=[c for g in groups for c in g.cards if c.reading and c.verdict.outcome is not Outcome.PASS],
        quotes=view.quotes(dossier),
        extended_level=Level.DEFAULT,
        official=result.mode is Mode.CERTIFICATION,
        statements=[label(f"statement.{name}") for name in STATEMENTS],
        rules=[label(f"rule.{name}") for name in RULES],
    )


def wanted_pictures(dossier: Dossier) -> list[str]:
    """Names of the pictures that a report shows: portraits, and the screenshots that carry a failing verdict."""
    sheets = [p.name for p in (*_portraits(dossier)[:MOST_PORTRAITS], *_screens(dossier)[:MOST_SCREENS])]
    return list(dict.fromkeys([*contact.wanted(dossier), *sheets]))


def _portraits(dossier: Dossier) -> list[Picture]:
    """Portraits that the contact sheet does not show already."""
    paired = set(contact.wanted(dossier))
    return [p for p in dossier.pictures if p.what == "portrait" and p.name not in paired]


def _screens(dossier: Dossier) -> list[Picture]:
    cited = {name for v in dossier.result.requirements if v.outcome is Outcome.FAIL for name in v.evidence}
    return [p for p in dossier.pictures if p.what != "portrait" and p.name in cited]


def _sheets(dossier: Dossier, thumbs: Mapping[str, str]) -> list[tuple[str, list[tuple[Picture, str]], int]]:
    """Title key, pictures with their thumbnails, and how many more there are."""
    found = []
    for key, of, most in (
        ("pictures.portraits", _portraits(dossier), MOST_PORTRAITS),
        ("pictures.screens", _screens(dossier), MOST_SCREENS),
    ):
        shown = [(p, thumbs[p.name]) for p in of[:most] if p.name in thumbs]
        if shown:
            found.append((key, shown, len(of) - len(shown)))
    return found


def _sampling(dossier: Dossier) -> dict[str, int]:
    walks = dossier.result.walks
    accounts = {name for w in walks for name in w.account.split(", ") if name}
    return {"a": len(accounts), "l": len({lesson for w in walks for lesson in w.lessons}), "w": len(walks)}


def _deviations(result: RunResult) -> list[Text]:
    found = []
    if result.mode is Mode.REHEARSAL:
        found.append(_filled("deviation.scale", f"{result.conditions.time_scale:g}"))
    if result.mode is Mode.PARTIAL:
        found.append(label("deviation.partial"))
    if result.conditions.once:
        found.append(label("deviation.once"))
    lost = sum(w.status in ("void", "cut off", "harness_error") for w in result.walks)
    if lost:
        found.append(_filled("deviation.void", str(lost)))
    return found


def _filled(key: str, n: str) -> Text:
    text = label(key)
    return Text(zh=text.zh.format(n=n), en=text.en.format(n=n))


def numeral(n: int) -> str:
    """Section numbers as Chinese reports write them: 一、 to 二十九、."""
    tens, rest = divmod(n, 10)
    head = ("", "十", "二十")[tens]
    return head + (NUMERALS[rest - 1] if rest else "") + "、"


def write(run_dir: Path, of: Dossier | RunResult, lang: Lang = "zh") -> Path:
    """Write report.html into a run's folder. Raises LedgerError if there is one."""
    thumbs = thumbnails(run_dir / "evidence", wanted_pictures(of)) if isinstance(of, Dossier) else {}
    return write_once(run_dir / REPORT_HTML, render(of, lang, thumbs))


def _environment(lang: Lang) -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.globals.update(
        L=label,
        named=named,
        act=lambda name: named("act", name),
        period=times.period,
        outcome_label=view.outcome_label,
        numeral=numeral if lang == "zh" else lambda n: f"{n}.",
        anchor=view.anchor,
        walk_anchor=view.walk_anchor,
        purpose=view.purpose,
        clock=charts.clock,
    )
    environment.filters.update(
        main=lambda text: spoken(text, lang),
        side=lambda text: spoken(text, "en" if lang == "zh" else "zh"),
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
    return Text(zh=one_line(chinese(text.zh), longest), en=one_line(text.en, longest * 2))


def _css(environment: Environment, result: RunResult) -> str:
    """The style sheet with the report's number in the margin of every printed page."""
    number = re.sub(r"[^A-Za-z0-9._-]", "_", result.number)
    mark = label(f"watermark.{result.mode.value}") if result.mode is not Mode.CERTIFICATION else Text(zh="", en="")
    source, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]
    return source.replace("%NUMBER%", number).replace("%MARK%", f"{mark.zh} {mark.en}".strip())
