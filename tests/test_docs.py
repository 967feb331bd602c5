"""What the documents show works: every example validates, every name is there, every link leads somewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from pydantic import TypeAdapter

from fixtures.refplatform.__main__ import options as reference_platform
from harness.cli import app
from harness.model.profile import Policy, Profile
from harness.model.reading import FIELDS, Column, Reading, Source
from harness.model.run import RunResult
from harness.model.steps import VERBS, Steps, verb_of
from harness.platform.adapter import load_adapter
from harness.platform.base import CONTRACT
from harness.platform.checks import ALWAYS, texts
from harness.platform.loading import parse_profile
from harness.platform.templates import FILTERS, placeholders
from harness.platform.yaml_lines import read_yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PROFILES = sorted(DOCS.glob("profile*.md"))
REPORTS = sorted(DOCS.glob("report*.md"))
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.M)
MERGED = ("roles", "actions", "readings")
"""Sections in which a part of a profile adds to the complete example instead of replacing it."""
ARGUMENTS = frozenset(name for entry in CONTRACT.values() for name in entry.arguments)


def blocks(page: Path, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(page.read_text(encoding="utf-8")) if found == language]


def written(text: str, folder: Path) -> Any:
    """An example as the harness itself reads YAML."""
    path = folder / "example.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path).data


def examples(kind: type) -> Iterator[Any]:
    for page in PROFILES:
        for number, text in enumerate(blocks(page, "yaml"), 1):
            data = yaml.safe_load(text)
            if isinstance(data, kind):
                yield pytest.param(page, text, id=f"{page.name}-{number}")


def complete(page: Path) -> str:
    """The page's whole profile: its first example."""
    return blocks(page, "yaml")[0]


def test_the_guides_are_there_in_both_languages() -> None:
    assert [page.name for page in PROFILES] == ["profile.md", "profile.zh.md"]
    assert [page.name for page in REPORTS] == ["report.md", "report.zh.md"]


@pytest.mark.parametrize("page", PROFILES, ids=lambda page: page.name)
def test_the_first_example_is_a_whole_profile(page: Path, tmp_path: Path) -> None:
    path = tmp_path / "anpei.yaml"
    path.write_text(complete(page), encoding="utf-8")
    profile, _ = parse_profile(path)
    assert {"learner", "reader"} <= profile.roles.keys()
    assert {"log_in", "open_lesson", "play", "pause", "credited_time", "lesson_state"} <= profile.described


@pytest.mark.parametrize(("page", "text"), list(examples(dict)))
def test_every_part_fits_into_the_whole_profile(page: Path, text: str, tmp_path: Path) -> None:
    part, whole = written(text, tmp_path), written(complete(page), tmp_path)
    for name, section in part.items():
        joins = name in MERGED and isinstance(section, Mapping)
        whole[name] = {**whole.get(name, {}), **section} if joins else section
    path = tmp_path / "whole.yaml"
    path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    profile, _ = parse_profile(path)
    assert part.keys() <= {*Profile.model_fields}
    assert profile.v == 1


@pytest.mark.parametrize(("page", "text"), list(examples(list)))
def test_every_list_of_steps_is_valid(page: Path, text: str, tmp_path: Path) -> None:
    steps = TypeAdapter(Steps).validate_python(written(text, tmp_path))
    assert steps
    for _, words in itertools.chain.from_iterable(texts(step, ()) for step in steps):
        for placeholder in placeholders(words):
            assert placeholder.path[0] in ALWAYS | ARGUMENTS, words
            assert all(name in FILTERS for name, _ in placeholder.filters), words


@pytest.mark.parametrize("page", PROFILES, ids=lambda page: page.name)
def test_every_verb_has_an_example(page: Path, tmp_path: Path) -> None:
    shown: set[str | None] = set()

    def look(value: Any) -> None:
        if isinstance(value, Mapping):
            shown.add(verb_of(dict(value)))
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                shown.add(part if isinstance(part, str) else None)
                look(part)

    for text in blocks(page, "yaml"):
        look(written(text, tmp_path))
    assert VERBS.keys() <= shown


def names_of_the_profile() -> Iterator[str]:
    yield from VERBS
    yield from CONTRACT
    yield from FILTERS
    for model in (Profile, Policy, Reading, Source, Column):
        for name, info in model.model_fields.items():
            yield info.alias or name
    for fields in FIELDS.values():
        yield from fields


@pytest.mark.parametrize("page", PROFILES, ids=lambda page: page.name)
@pytest.mark.parametrize("name", sorted(set(names_of_the_profile())))
def test_every_name_is_mentioned_as_code(page: Path, name: str) -> None:
    text = page.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    assert re.search(rf"`[^`\n]*(?<![\w]){re.escape(name)}(?!\w)[^`\n]*`|\*\*{re.escape(name)}\b", prose), name


@pytest.mark.parametrize("page", PROFILES, ids=lambda page: page.name)
def test_the_adapter_example_loads(page: Path, tmp_path: Path) -> None:
    found = blocks(page, "python")
    assert len(found) == 1
    path = tmp_path / "anpei.py"
    path.write_text(found[0], encoding="utf-8")
    assert load_adapter(path, "profile.yaml:1").names == {"open_lesson", "credited_time"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def anchors(page: Path) -> set[str]:
    """The anchors that headings get on the usual forges."""
    found = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_exists(page: Path) -> None:
    group = typer.main.get_command(app)
    commands = {command.name: command for command in getattr(group, "commands", {}).values()}
    nested = [inner for command in commands.values() for inner in getattr(command, "commands", {}).values()]
    options = {option for one in (*commands.values(), *nested) for param in one.params for option in param.opts}
    options |= set(OPTION.findall(reference_platform().format_help()))
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"^    xunjian (\w+)|`xunjian (\w+)", text, re.M):
        assert "".join(name) in commands, name
    for option in OPTION.findall(text):
        assert option in options, option


@pytest.mark.parametrize("page", REPORTS, ids=lambda page: page.name)
def test_the_report_guide_explains_every_word_of_a_verdict(page: Path) -> None:
    from harness.model.outcome import Decision, Level, Mode, Outcome, Reason

    text = page.read_text(encoding="utf-8")
    for word in itertools.chain(Outcome, Reason, Level, Decision, Mode):
        assert re.search(rf"(?<!\w){word.value}(?!\w)", text), word
    for name in ("decision", "decision_extended", "would_be", "not_tested", "ledger_head"):
        assert name in RunResult.model_fields
        assert f"`{name}`" in text, name
