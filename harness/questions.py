"""questions.yaml: what a run leaves for people to answer, as a form to fill in and give to `xunjian attest`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from harness.model.finding import Text
from harness.model.outcome import Outcome
from harness.model.run import RunResult
from harness.standards.institution import load_institution

QUESTIONS = "questions.yaml"
HEAD = """\
# 评定人员问卷：填写后另存为 answers.yaml，执行 xunjian attest {folder} answers.yaml，生成修订版报告。
# answer: yes 符合 / no 不符合 / not_applicable 不适用（须在 text 写明理由）；不填为未答。
# name、date（如 2026-11-26）必填；attachments 列出附件路径，附件按摘要存入证据。
# Questions for the assessor. Fill in, save as answers.yaml, then: xunjian attest {folder} answers.yaml
# yes: what is asked for was found; no: it was not; not_applicable: give the reason in text. Open ones stay empty.
"""
INSTITUTION = """\
# 以下为培训机构自身的核查内容（不计入平台结论），机构在检查前填写；可全部留空。
# The institution's own part, which enters no decision on the platform; may stay empty.
"""
EMPTY = ("answer:", 'text: ""', 'name: ""', "date:", "attachments: []")


def render(result: RunResult) -> str:
    """The form as YAML, with a comment in both languages."""
    asked = [v for v in result.requirements if v.outcome is Outcome.REVIEW]
    lines = [HEAD.format(folder=f"runs/{result.number}"), f"run: {_scalar(result.number)}", ""]
    lines.append("requirements:" if asked else "requirements: []")
    for verdict in asked:
        lines += _entry(verdict.id, verdict.title, verdict.question or verdict.observed, verdict.clause)
    lines += ["", INSTITUTION + "institution:"]
    answered = {item.id for item in result.institution}
    for item in load_institution().items:
        if item.id not in answered:
            lines += _entry(item.id, item.section, item.question, "")
    return "\n".join(lines) + "\n"


def write(run_dir: Path, result: RunResult) -> Path:
    """Write questions.yaml. Raises LedgerError if there is one."""
    from reports.once import write_once

    return write_once(run_dir / QUESTIONS, render(result))


def _entry(id: str, title: Text, question: Text, clause: str) -> Iterable[str]:
    def fields() -> Iterator[str]:
        yield f"id: {_scalar(id)}"
        yield f"title: {_scalar(f'{title.zh} {title.en}')}"
        yield f"question: {_scalar(question.zh)}"
        if clause:
            yield f"clause: {_scalar(clause)}"
        yield from EMPTY

    for place, field in enumerate(fields()):
        yield f"  {'-' if place == 0 else ' '} {field}"


def _scalar(text: str) -> str:
    """A text on one line of YAML, whatever is in it."""
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=1_000_000).strip()
