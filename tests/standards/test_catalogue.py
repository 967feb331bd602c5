"""What the shipped files promise: complete, worded in both languages, and quoting what was really read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.model.outcome import Level
from harness.model.requirement import Requirement, Standard
from harness.standards import load_standard, shipped

ANNEX = (Path(__file__).parent / "notice-annex.txt").read_text(encoding="utf-8")


def ids(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The regulation catalogue under its new names, with the companions that section 5 asks for
CATALOGUE = ids(
    """
    F01-1 F02-1 F02-2 F03-1 F04-1 F05-1 F05-2 F06-1 F06-2 F06-3 F07-1 F08-1 F08-2 F09-1 F09-2 F09-3 F09-4
    F10-1 F10-2 F10-3 F10-4 F10-5 F11-1 F11-2 F12-1 F12-2 F13-1 F13-2 F13-3 H01-1 H01-2 H01-3 H01-4 H02-1
    H02-2 H02-3 F07-11 F07-12 F07-13 LG-1 IM-1 IM-2 OP-1
    """
)
BASE = ids(
    """
    F01-1 F02-1 F02-2 F03-1 F04-1 F05-1 F06-1 F06-3 F07-1 F07-11 F07-12 F07-13 F08-1 F09-1 F10-1 F10-3 F11-1
    F11-2 F12-1 F12-2 F13-1 F13-2 H01-1 H01-2 H02-1 H02-3 OP-1 X-01 X-02 X-04 X-06 X-09 X-10
    """
)
OURS = re.compile(r"本工具|标准未|标准仅|标准没有|所查文件均未规定")


def every(standard: Standard, jiangxi: Standard) -> list[Requirement]:
    return [*standard.requirements, *(r for r in jiangxi.requirements if r.overlay)]


def test_the_fifteen_rows_are_in_order(standard: Standard) -> None:
    assert [f.id for f in standard.functions] == [*(f"F{n:02}" for n in range(1, 14)), "H01", "H02"]
    assert standard.function("F11").zh == "屏蔽快进"
    assert standard.function("F11").name == "fast_forward_blocking"


def test_every_row_of_the_catalogue_is_there(standard: Standard) -> None:
    assert [id for id in CATALOGUE if standard.find(id) is None] == []
    assert len([r for r in standard.requirements if r.short.startswith("X-")]) == 11
    assert {r.short for r in standard.requirements if r.short.startswith("D-")} == {
        f"D-{f}" for f in ("F05", "F09", "F10", "F11", "F12", "F13", "H01")
    }


def test_what_is_base_is_exactly_what_the_sources_carry(standard: Standard) -> None:
    assert {r.short for r in standard.requirements if r.level is Level.BASE} == BASE


def test_every_function_can_fail(standard: Standard) -> None:
    assert [f.id for f in standard.functions if not any(r.mandatory for r in standard.of_function(f.id))] == []


def test_ids_are_unique_and_shaped(jiangxi: Standard) -> None:
    ids = [r.id for r in jiangxi.requirements]
    assert len(set(ids)) == len(ids)
    assert len({r.short for r in jiangxi.requirements}) == len(ids)
    for r in jiangxi.requirements:
        assert r.id == f"{'jiangxi-2024-24' if r.overlay else 'AQ8011-2023'}/{r.short}"
        assert r.short.startswith((r.function, "X-", f"D-{r.function}", "IM-", "OP-", "LG-", "JX-"))


def test_sentences_are_in_both_languages(standard: Standard, jiangxi: Standard) -> None:
    for r in every(standard, jiangxi):
        for text in (r.title, r.statement, r.interpretation, r.question, *r.cases):
            if text is None:
                continue
            assert re.search(r"[\u4e00-\u9fff]", text.zh), r.id
            assert re.search(r"[A-Za-z]{3}", text.en), r.id
            assert not re.search(r"[\u4e00-\u9fff]", text.en), r.id
        assert r.statement.zh.endswith("。"), r.id
        assert r.statement.en.endswith("."), r.id
        assert r.question is None or r.question.zh.count("？") >= 1, r.id


def test_nothing_claims_the_words_of_a_legal_certification(standard: Standard, jiangxi: Standard) -> None:
    for r in every(standard, jiangxi):
        assert "认证" not in f"{r.title.zh}{r.statement.zh}{r.question.zh if r.question else ''}", r.id
        assert "certif" not in r.statement.en.lower().replace("certificate", ""), r.id


def test_quotes_of_the_notice_are_verbatim(standard: Standard) -> None:
    seen = 0
    for source in [f.source for f in standard.functions] + [s for r in standard.requirements for s in r.sources]:
        if "附件" in source.document.zh and source.text is not None:
            assert source.text in ANNEX, source.at
            seen += 1
    assert seen > 40


def test_a_quote_stands_at_the_place_that_it_claims(standard: Standard) -> None:
    for source in {s for r in standard.requirements for s in r.sources if "附件" in s.document.zh}:
        chapter, item = source.at.split(".")
        part = ANNEX.split(f"\n{chapter}、", 1)[1]
        part = re.split(r"\n[一二三四五六]、", part, maxsplit=1)[0]
        paragraph = re.search(rf"^{item}\.(.*)$", part, re.MULTILINE)
        assert paragraph is not None, source.at
        assert source.text is not None
        assert source.text in paragraph[1], source.at


def test_everything_read_is_marked_second_hand(standard: Standard, jiangxi: Standard) -> None:
    for r in every(standard, jiangxi):
        for source in r.sources:
            assert source.quoted, r.id
            assert source.label.zh.startswith("转引自"), r.id
            assert ("未见原文" in source.label.zh) == (source.text is None), r.id


def test_clauses_name_the_notice_and_ours_never_claim_the_standard(standard: Standard) -> None:
    for r in standard.requirements:
        if r.level is Level.BASE:
            assert re.fullmatch(r"AQ8011:4\.[\d., ]+\(notice [三四五六].*\)", r.clause), r.id
            assert r.sources, r.id
        elif r.level in (Level.DEFAULT, Level.ADVISORY):
            assert r.clause.startswith("harness("), r.id


def test_a_limit_of_ours_is_called_ours(standard: Standard) -> None:
    # t and v companions repeat the number of the base row that explains it
    for r in standard.requirements:
        if any(limit.source == "harness" for limit in r.limits.values()) and r.level is Level.BASE:
            assert r.interpretation is not None, r.id
            assert OURS.search(r.interpretation.zh), r.id


@pytest.mark.parametrize("id", ["F13-1", "F13-1v", "F09-2", "F09-1v", "F10-2", "F12-1v", "H01-4"])
def test_silence_of_the_sources_is_said_plainly(standard: Standard, id: str) -> None:
    interpretation = standard.get(id).interpretation
    assert interpretation is not None
    assert OURS.search(interpretation.zh)


def test_only_standard_numbers_come_from_the_standard(standard: Standard) -> None:
    numbers = {
        (limit.value, limit.unit)
        for r in standard.requirements
        if r.level is not Level.LEGAL_NOTE
        for limit in r.limits.values()
        if limit.source == "standard"
    }
    assert numbers == {(30.0, "minute"), (45.0, "minute"), (0.30, "ratio")}


def test_a_base_row_never_rests_on_a_cap_but_to_wait(standard: Standard) -> None:
    caps = {
        (r.short, n)
        for r in standard.requirements
        if r.level is Level.BASE
        for n, limit in r.limits.items()
        if limit.kind == "cap"
    }
    assert caps == {("F13-1", "idle_cap")}  # how long to wait where nothing is declared


def test_mandatory_is_automatic_base_or_overlay_or_required(standard: Standard, jiangxi: Standard) -> None:
    assert {r.short for r in standard.requirements if r.mandatory} == BASE
    more = {r.short for r in jiangxi.requirements if r.mandatory} - BASE
    assert more == {"F03-2", "F01-2", "F04-2", "F07-14", "JX-15", "JX-16", "IM-1", "IM-2"}
    assert jiangxi.get("IM-1").required_by == "jiangxi-2024-24"
    assert not standard.get("IM-1").mandatory
    assert not jiangxi.get("LG-1").mandatory
    assert not jiangxi.get("F10-5").mandatory


def test_an_overlay_keeps_the_order_of_the_report(jiangxi: Standard) -> None:
    order = [r.function for r in jiangxi.requirements if not r.short.startswith(("X-", "D-"))]
    assert order == sorted(order)


def test_every_shipped_file_loads() -> None:
    assert {"aq8011-2023", "jiangxi-2024-24"} <= set(shipped())
    one, two = load_standard(), load_standard()
    assert one == two
    assert len(one.digest) == 64
    assert load_standard(overlays=["jiangxi-2024-24"]).digest != one.digest
