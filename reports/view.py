"""What the HTML report shows, made from a result: order, words and links; no markup and no opinion."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from harness.model.dossier import Band, Dossier, WalkRecord
from harness.model.finding import Finding, Text, Told, Verdict
from harness.model.outcome import Level, Outcome, Reason
from harness.model.requirement import Requirement, Source
from harness.model.run import RunResult, WalkSummary
from harness.model.words import series
from reports import times
from reports.labels import catalogue, label, named
from reports.plain import is_active, is_evidence_name

MOST_CARDS = 400
"""Beyond this many requirements only what failed has a card, the rest a row: Chromium needs about 10 CPU seconds to
lay out and print 1,000 cards, and a report of 10,000 must print within a minute."""
T = TypeVar("T", bound=Hashable)
APART = (Level.DOCUMENTARY, Level.LEGAL_NOTE)
_LEVELS = {level: place for place, level in enumerate(Level)}
_LIMIT = re.compile(r"(?P<name>[\w.-]+)=(?P<value>[\d.eE+-]+) (?P<unit>\w+) \((?P<winner>[^()]+)\)")


@dataclass(frozen=True)
class Evidence:
    """A file in evidence/; `href` is empty where it must not become a link."""

    name: str
    href: str
    note: Text | None


@dataclass(frozen=True)
class Limit:
    """One limit and whose it is."""

    name: str
    value: Text
    whose: Text


@dataclass(frozen=True)
class Attempt:
    """One finding behind a verdict. `observed` is None where it says what the verdict says."""

    finding: Finding
    outcome: Text
    observed: Text | None


@dataclass(frozen=True)
class Card:
    """One requirement."""

    verdict: Verdict
    anchor: str
    outcome: Text
    reason: Text | None
    level: Text
    limits: tuple[Limit, ...]
    repeated: tuple[str, str] | None
    """How many of the attempts gave this outcome, and how many there were."""
    attempts: tuple[Attempt, ...]
    evidence: tuple[Evidence, ...]
    refs: str
    accepted: Text | None
    refused: Text | None
    recheck: tuple[WalkSummary, ...]
    """For what failed: the walks to repeat by hand."""
    walks: tuple[WalkSummary, ...] = ()
    """What was done, and when."""
    sources: tuple[Source, ...] = ()
    """The clause in its own words, for what failed."""
    reading: Text | None = None
    """Our reading of it."""


@dataclass(frozen=True)
class Group:
    """The cards of one function."""

    id: str
    zh: str
    en: str
    outcome: Outcome
    cards: tuple[Card, ...]
    rows: tuple[Card, ...] = ()
    """Shown in a table instead of as cards."""
    same: tuple[Card, ...] = ()
    """Shown in a table, because a card before says all there is: no walk of their own, and the same was observed."""


def outcome_label(outcome: Outcome, level: Level | None = None) -> Text:
    """How an outcome is worded. Beyond a limit of ours is never worded as a violation of the standard."""
    if outcome is Outcome.FAIL and level is Level.DEFAULT:
        return label("outcome.FAIL.default")
    return label(f"outcome.{outcome.value}")


def groups(dossier: Dossier) -> tuple[Group, ...]:
    """What was judged on the platform itself, by function in the standard's order, the worst first.

    What did not run stands in a table of its own.
    """
    found, result = [], dossier.result
    for key, row in result.functions.items():
        of = [v for v in result.requirements if v.function == key and not apart(v) and not did_not_run(v)]
        every = cards(of, dossier)
        full = [c for c in every if c.verdict.outcome is Outcome.FAIL or len(result.requirements) <= MOST_CARDS]
        rest = every[len(full) :]  # the worst come first, so what failed is the beginning
        own, same = _told_once(full)
        found.append(Group(key, row.zh, row.en, row.outcome, own, rest, same))
    return tuple(group for group in found if group.cards or group.rows)


def _told_once(cards: Sequence[Card]) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Cards that say something of their own, and those that only repeat what an earlier one observed."""
    own: list[Card] = []
    same: list[Card] = []
    seen: set[str] = set()
    for c in cards:
        repeats = not c.walks and not c.evidence and c.verdict.observed.zh in seen
        (same if repeats else own).append(c)
        if not c.walks:
            seen.add(c.verdict.observed.zh)
    return tuple(own), tuple(same)


def not_run(result: RunResult) -> tuple[Verdict, ...]:
    """What no walk tested, in the standard's order."""
    return tuple(v for v in result.requirements if did_not_run(v) and not apart(v))


def not_run_by_function(result: RunResult) -> tuple[tuple[str, int], ...]:
    """How many requirements of each function did not run."""
    counts: dict[str, int] = {}
    for verdict in not_run(result):
        counts[verdict.function] = counts.get(verdict.function, 0) + 1
    return tuple(counts.items())


def did_not_run(verdict: Verdict) -> bool:
    """Was it simply not tested? Then there is nothing to show on a card."""
    return verdict.reason is Reason.NOT_RUN


def untested(result: RunResult) -> tuple[Text, ...]:
    """Channels, credit sources and whatever else was not tested and is no requirement's row."""
    ids = {v.id for v in result.requirements if v.reason in (Reason.NOT_RUN, Reason.UNSUPPORTED)}
    return tuple(t for t in result.not_tested if t.zh.split(" ", 1)[0] not in ids)


def findings(dossier: Dossier) -> tuple[tuple[Text, tuple[Card, ...]], ...]:
    """What failed at any level, and what is mandatory and still open, under a heading for each level.

    What did not run is left to its own table.
    """
    open_ones = (Outcome.INCONCLUSIVE, Outcome.REVIEW)
    wanted = [
        v
        for v in dossier.result.requirements
        if not apart(v)
        and not did_not_run(v)
        and (v.outcome is Outcome.FAIL or (v.mandatory and v.outcome in open_ones))
    ]
    found = cards(wanted, dossier)
    return tuple(
        (label(f"level.{level.value}"), of)
        for level in Level
        if (of := tuple(c for c in found if c.verdict.level is level))
    )


def set_apart(dossier: Dossier) -> tuple[Card, ...]:
    """Documentary items and notes on other law, which enter no conclusion."""
    return cards([v for v in dossier.result.requirements if apart(v)], dossier)


def apart(verdict: Verdict) -> bool:
    """Does it stand outside the conclusion? A documentary item that an overlay makes mandatory does not."""
    return verdict.level in APART and not verdict.mandatory


def cards(verdicts: Sequence[Verdict], dossier: Dossier) -> tuple[Card, ...]:
    """Cards, the worst first, then as the standard orders them; the base standard before our own limits."""
    ordered = sorted(verdicts, key=lambda v: (-v.outcome.severity, _LEVELS[v.level]))
    rules = {r.id: r for r in dossier.requirements}
    return tuple(_card(verdict, dossier.result, rules.get(verdict.id)) for verdict in ordered)


def _card(verdict: Verdict, result: RunResult, rule: Requirement | None) -> Card:
    failed = verdict.outcome is Outcome.FAIL
    walks = times.walks_of(verdict, result)
    n, _, m = verdict.repeated.partition("/")
    return Card(
        verdict=verdict,
        anchor=anchor(verdict.id),
        outcome=outcome_label(verdict.outcome, verdict.level),
        reason=named("reason", verdict.reason.value) if verdict.reason else None,
        level=label(f"level.{verdict.level.value}"),
        limits=limits(verdict.limit_from),
        repeated=(n, m) if m and verdict.reason is not Reason.UNSTABLE else None,  # no attempt gave this outcome
        attempts=_attempts(verdict),
        evidence=tuple(evidence(name) for name in _unique(verdict.evidence)),
        refs=ranges(verdict.refs),
        accepted=_told(one for f in verdict.findings for one in f.accepted),
        refused=_told(one for f in verdict.findings for one in f.refused),
        recheck=walks if failed else (),
        walks=walks,
        sources=rule.sources if rule is not None and failed else (),
        reading=rule.interpretation if rule is not None else None,
    )


def _told(things: Iterable[Told]) -> Text | None:
    """One after another, each once; of a stimulus its name, for its figures stand with the attempts."""
    texts = _unique(one if isinstance(one, Text) else named("act", named_in(one)) for one in things)
    return series(texts) if texts else None


def named_in(told: str) -> str:
    """The stimulus of a line like `seek_by_bar (31 s -> 501 s): 20 s recorded`."""
    return re.split(r" \(|: ", told, maxsplit=1)[0]


def _attempts(verdict: Verdict) -> tuple[Attempt, ...]:
    if len(verdict.findings) < 2:
        return ()
    return tuple(
        Attempt(f, outcome_label(f.outcome, verdict.level), f.observed if f.observed != verdict.observed else None)
        for f in verdict.findings
    )


def evidence(name: str) -> Evidence:
    """A link only to what the evidence store named itself and what a browser will not run."""
    if not is_evidence_name(name):
        return Evidence(name, "", label("bad_name"))
    if is_active(name):
        return Evidence(name, "", label("active_file"))
    return Evidence(name, f"evidence/{name}", None)


def limits(limit_from: str) -> tuple[Limit, ...]:
    """A verdict's limits with their units and whose they are; a text of another form stands as it is."""
    found = []
    for part in filter(None, limit_from.split("; ")):
        match = _LIMIT.fullmatch(part)
        if match is None:
            found.append(Limit("", Text(zh=part, en=part), Text(zh="", en="")))
            continue
        winner, _, overlay = match["winner"].partition(":")
        whose = named("limit", winner)
        if overlay:
            whose = Text(zh=f"{whose.zh} {overlay}", en=f"{whose.en} {overlay}")
        unit = named("unit", match["unit"])
        value = Text(zh=f"{match['value']} {unit.zh}", en=f"{match['value']} {unit.en}")
        found.append(Limit(match["name"], value, whose))
    return tuple(found)


@dataclass(frozen=True)
class Quote:
    """A clause in its own words, and the requirements that rest on it."""

    source: Source
    requirements: tuple[str, ...]


def quotes(dossier: Dossier) -> tuple[Quote, ...]:
    """Every clause once, in the order of the standard."""
    resting: dict[tuple[str, str], list[str]] = {}
    sources: dict[tuple[str, str], Source] = {}
    for rule in dossier.requirements:
        for source in rule.sources:
            key = (source.document.zh, source.at)
            sources.setdefault(key, source)
            resting.setdefault(key, []).append(rule.short)
    return tuple(Quote(source, tuple(resting[key])) for key, source in sources.items())


@dataclass(frozen=True)
class Crossed:
    """A segment of a walk: what was studied against what the record gained, seconds."""

    walk: WalkRecord
    band: Band
    difference: float


def crossed(dossier: Dossier) -> tuple[Crossed, ...]:
    """Every segment whose study and credit are both known, in the order of the run."""
    return tuple(
        Crossed(walk, band, round(band.gained_s - band.studied_s, 1))
        for walk in dossier.walks
        for band in walk.bands
        if band.gained_s is not None and band.studied_s is not None
    )


@dataclass(frozen=True)
class Place:
    """What one place states for the learner and course of the cross-checks."""

    name: Text
    hours: float
    seconds: float | None
    off: float | None
    """Hours against the study record; None: there is none to compare with."""


_STATED = re.compile(r"(?<![\w])([a-z_]+) (\d+(?:\.\d+)?) h(?:, (\d+(?:\.\d+)?) s)?")
_VOIDED = "voided: "
"""Before what places state of study that was taken back: another moment than that of the table."""


def places(result: RunResult) -> tuple[Place, ...]:
    """Every place that the consistency requirements compared, once, the study record first."""
    found: dict[str, tuple[float, float | None]] = {}
    for verdict in cross_verdicts(result):
        finished = "; ".join(part for part in verdict.observed.en.split("; ") if _VOIDED not in part)
        for name, hours, seconds in _STATED.findall(finished):
            if f"place.{name}" in catalogue():
                found.setdefault(name, (float(hours), float(seconds) if seconds else None))
    record = found.get("course_record")
    order = [key.split(".", 1)[1] for key in catalogue() if key.startswith("place.")]
    return tuple(
        Place(label(f"place.{name}"), *found[name], None if record is None else found[name][0] - record[0])
        for name in order
        if name in found
    )


def cross_verdicts(result: RunResult) -> tuple[Verdict, ...]:
    """The verdicts on consistency that were executed."""
    return tuple(v for v in result.requirements if "/X-" in v.id and not did_not_run(v))


def walk_anchor(walk: str, attempt: int) -> str:
    """A fragment name for an attempt of a walk."""
    return "w-" + re.sub(r"[^A-Za-z0-9.-]", "_", f"{walk}-{attempt}")


_HAN = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]")


def purpose(text: str) -> Text:
    """A walk's purpose, written as `中文 English`, in its two languages; both the same where it is only one."""
    last = max((m.end() for m in _HAN.finditer(text)), default=0)
    head, _, tail = text[last:].partition(" ")
    zh, en = text[:last] + head, tail.strip()
    return Text(zh=zh, en=en) if last and en else Text(zh=text, en=text)


def anchor(requirement: str) -> str:
    """A fragment name for a requirement's id."""
    return "r-" + re.sub(r"[^A-Za-z0-9.-]", "_", requirement)


def ranges(numbers: Sequence[int]) -> str:
    """`4, 7–9, 12`."""
    shown: list[list[int]] = []
    for number in sorted(set(numbers)):
        if shown and number == shown[-1][1] + 1:
            shown[-1][1] = number
        else:
            shown.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in shown)


def _unique(things: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(things))
