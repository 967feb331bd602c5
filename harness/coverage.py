"""`python -m harness.coverage`: writes docs/coverage.md, which says of every requirement how it is tested, or why not.

Nothing in it is written by hand: requirements come from the standard and its overlays, probes and judges from
probes/, stretches of a walk from the observers' source, defects from the catalogue of the subject that we made.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from harness.model.requirement import Requirement, Standard
from harness.probe import Judgement, ProbeSpec, load_probes
from harness.selftest.catalogue import Entry, read_catalogue
from harness.standards import DEFAULT, load_standard, shipped

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path("docs/coverage.md")
DEFECTS = Path("fixtures/refplatform/defects/entries")
PROBES = Path("probes")
UNKNOWN = "…"
"""A name that is made while a walk runs."""
HEAD = """# Coverage

Written by `python -m harness.coverage` (`make coverage`); a test fails when it is stale. Do not edit it.

Each requirement with the judge that decides it, the walks that it reads, and what those walks do: stretches of *honest*
study that must be credited, *other stretches* between them, *stimuli*. `…` stands for names that a running walk makes.
*Defects* are faults of the reference platform that must make the requirement FAIL (`violates`); a number in brackets
counts those that may also do so (`implies`).
"""


@dataclass
class Stretches:
    """What a walk does: names of its honest stretches, of the others, and of its stimuli, in the source's order."""

    honest: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    stimuli: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Coverage:
    """Everything that the page is made of."""

    standard: Standard
    base: frozenset[str]
    """Ids that the national standard has without overlays."""
    serving: Mapping[str, Sequence[tuple[ProbeSpec, Judgement]]]
    defects: Sequence[Entry]

    def untested(self, requirement: Requirement) -> str:
        """Why no probe serves a requirement; empty when one does."""
        if requirement.observe != "automatic":
            assert requirement.question is not None
            return f"documentary: {requirement.question.en}"
        return "" if self.serving.get(requirement.id) else "**no probe yet**: INCONCLUSIVE(NOT_RUN)"


def collect(root: Path = ROOT) -> Coverage:
    """Read standard, overlays, probes and catalogue. Raises StandardError, UsageError."""
    base = load_standard()
    overlays = tuple(name for name in shipped() if name != DEFAULT)
    standard = load_standard(overlays=overlays)
    serving: dict[str, list[tuple[ProbeSpec, Judgement]]] = defaultdict(list)
    for probe in load_probes():
        for judgement in probe.judgements:
            serving[standard.get(judgement.requirement).id].append((probe, judgement))
    folder = root / DEFECTS
    defects = read_catalogue(folder) if folder.is_dir() else ()
    return Coverage(standard, frozenset(r.id for r in base.requirements), serving, defects)


# --- what a walk does, read from its source -----------------------------------------------------------------------


@cache
def functions(package: str, root: Path = ROOT) -> dict[str, ast.AsyncFunctionDef | ast.FunctionDef]:
    """The functions of a probe's package and of what the probes share, by name; the package's own win."""
    found: dict[str, ast.AsyncFunctionDef | ast.FunctionDef] = {}
    for path in (*sorted((root / PROBES).glob("*.py")), *sorted((root / PROBES / package).glob("*.py"))):
        if "judge" in path.name:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                found[node.name] = node
    return found


def stretches(package: str, function: str, root: Path = ROOT) -> Stretches:
    """The stretches that a walk's function makes, itself or through others of its package."""
    known = functions(package, root)
    made = Stretches()
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

    def visit(name: str, given: Mapping[str, str]) -> None:
        key = (name, tuple(sorted(given.items())))
        if key in seen or name not in known:
            return
        seen.add(key)
        called: set[str] = set()
        for call in _calls(known[name]):
            target = call.func
            if isinstance(target, ast.Name) and target.id in known:
                called.add(target.id)
                visit(target.id, _bound(known[target.id], call, given))
            elif isinstance(target, ast.Name) and target.id == "Stimulus":
                _add(made.stimuli, next((_text(k.value, given) for k in call.keywords if k.arg == "name"), UNKNOWN))
            elif isinstance(target, ast.Attribute) and target.attr in ("control", "segment", "stretch"):
                _take(made, target.attr, call, given)
        for inner in ast.walk(known[name]):  # a function that is handed on instead of called
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id not in called:
                visit(inner.id, {})

    visit(function, {})
    return made


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _bound(
    function: ast.AsyncFunctionDef | ast.FunctionDef, call: ast.Call, given: Mapping[str, str]
) -> dict[str, str]:
    """The texts that a call gives to a function's parameters, as far as the source tells."""
    names = [argument.arg for argument in function.args.args]
    pairs = [*zip(names, call.args, strict=False), *((k.arg, k.value) for k in call.keywords if k.arg)]
    texts = {name: _text(value, given) for name, value in pairs}
    return {name: text for name, text in texts.items() if text != UNKNOWN}


def _take(made: Stretches, method: str, call: ast.Call, given: Mapping[str, str]) -> None:
    name = _text(call.args[0], given) if call.args else UNKNOWN
    kind = "control" if method == "control" else _text(call.args[1], given) if len(call.args) > 1 else UNKNOWN
    _add(made.honest if kind == "control" else made.others, name)


def _add(to: list[str], name: str) -> None:
    if name not in to:
        to.append(name)


def _text(node: ast.expr, given: Mapping[str, str]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return given.get(node.id, UNKNOWN)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(p.value if isinstance(p, ast.FormattedValue) else p, given) for p in node.values)
    return UNKNOWN


# --- the page -----------------------------------------------------------------------------------------------------


def render(coverage: Coverage, root: Path = ROOT) -> str:
    """The page."""
    parts = [HEAD, _summary(coverage)]
    for function in coverage.standard.functions:
        requirements = coverage.standard.of_function(function.id)
        parts.append(f"## {function.id} {function.zh} {function.en}\n")
        parts += [_requirement(coverage, r, root) for r in requirements]
    return "\n".join(parts)


def _summary(coverage: Coverage) -> str:
    every = coverage.standard.requirements
    automatic = [r for r in every if r.observe == "automatic"]
    served = [r for r in automatic if coverage.serving.get(r.id)]
    left = [r.short for r in automatic if r not in served]
    walks = {w.name for probe in load_probes() for w in probe.walks}
    broken = {e.violates for e in coverage.defects if e.violates}
    rows = (
        ("requirements, overlays included", len(every)),
        ("automatic", len(automatic)),
        ("of these with a probe", len(served)),
        ("documentary, with a question", len(every) - len(automatic)),
        ("walks", len(walks)),
        ("defects, frauds and defeat devices", sum(e.violates is not None for e in coverage.defects)),
        ("requirements that a defect violates", len(broken)),
        ("decoys", sum(e.violates is None for e in coverage.defects)),
    )
    table = "\n".join(["| | |", "|---|---|", *(f"| {name} | {count} |" for name, count in rows)])
    return f"{table}\n" + (f"\nWithout a probe: {', '.join(left)}.\n" if left else "")


def _requirement(coverage: Coverage, requirement: Requirement, root: Path) -> str:
    own = "" if requirement.id in coverage.base else f", overlay {requirement.overlay}"
    lines = [
        f"### {requirement.short} {requirement.title.zh} {requirement.title.en}\n",
        f"*{requirement.level.value}{own}, {requirement.clause}.* {requirement.statement.en}\n",
    ]
    why = coverage.untested(requirement)
    if why:
        lines.append(f"- Not tested: {why}")
    for probe, judgement in coverage.serving.get(requirement.id, ()):
        lines.append(f"- `probes/{probe.package}` `{judgement.judge}`: {_says(probe, judgement)}")
        lines += [f"  - {_walk(name, root)}" for name in (*judgement.walks, *judgement.instead)]
    if requirement.proviso is not None:
        then = "waits for an assessor" if requirement.proviso.then == "documentary" else "does not apply"
        lines.append(f"- Where {requirement.proviso.when.en}: {then}.")
    if requirement.cases:
        lines.append(f"- Often forgotten: {'; '.join(case.en for case in requirement.cases)}.")
    lines.append(f"- Defects: {_defects(coverage, requirement)}")
    return "\n".join(lines) + "\n"


def _says(probe: ProbeSpec, judgement: Judgement) -> str:
    doc = inspect.getdoc(probe.judge(judgement.judge)) or ""
    return " ".join(doc.split("\n\n")[0].split())


def _walk(name: str, root: Path) -> str:
    probe, spec = next((p, w) for p in load_probes() for w in p.walks if w.name == name)
    made = stretches(probe.package, spec.function, root)
    parts = [f"`{name}`"]
    if made.honest:
        parts.append(f"honest: {', '.join(made.honest)}")
    if made.others:
        parts.append(f"other stretches: {', '.join(made.others)}")
    if made.stimuli:
        parts.append(f"stimuli: {', '.join(made.stimuli)}")
    return "; ".join(parts)


def _defects(coverage: Coverage, requirement: Requirement) -> str:
    violating = [f"`{e.id}`" for e in coverage.defects if e.violates == requirement.short]
    implied = sum(requirement.short in e.implies for e in coverage.defects)
    listed = ", ".join(violating) or "none"
    return f"{listed} (+{implied})" if implied else listed


def main(argv: Sequence[str] | None = None) -> int:
    """Write the page, or with --check say whether it is stale. Exit code 0, or 1 when it is."""
    parser = argparse.ArgumentParser(prog="python -m harness.coverage", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args(argv)
    page = render(collect())
    path = ROOT / PAGE
    if given.check:
        fresh = path.exists() and path.read_text(encoding="utf-8") == page
        print(f"{PAGE}: {'as it should be' if fresh else 'stale, renew it with `make coverage`'}")
        return 0 if fresh else 1
    path.write_text(page, encoding="utf-8")
    print(f"{PAGE}: {len(page.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
