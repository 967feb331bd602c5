"""report.html says what the result says, in every page's words, and is moved by nothing that a platform wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as parser

from harness.errors import LedgerError
from harness.model.dossier import Dossier
from harness.model.outcome import Decision, Level, Mode, Outcome, Reason
from harness.model.run import RunResult
from reports import html, view
from reports.labels import label
from tests.reports import sample


def page(result: RunResult, lang: str = "zh") -> parser.HtmlElement:
    return parser.fromstring(html.render(result, lang))  # type: ignore[arg-type]


def text(result: RunResult) -> str:
    return " ".join(page(result).text_content().split())


@pytest.mark.parametrize("decision", Decision)
def test_the_decision_stands_in_large(decision: Decision) -> None:
    shown = page(sample.build(decision=decision))
    assert shown.xpath("string(//*[@class='word'])") == label(f"decision.{decision.value}").zh


def test_our_own_limits_have_a_line_of_their_own() -> None:
    shown = text(sample.build(decision=Decision.CONFORMANT, decision_extended=Decision.NONCONFORMANT))
    assert "扩展结论（另计本工具自定的限值，非 AQ 8011 的规定）：不通过" in shown
    assert "limits of this tool, not of AQ 8011" in shown


def test_a_limit_of_ours_is_never_worded_as_a_violation() -> None:
    cards = page(sample.build()).xpath("//article[contains(@class,'is-FAIL') and contains(@class,'default')]")
    assert len(cards) == 1
    assert "超出本工具限值" in cards[0].text_content()
    assert "不符合" not in cards[0].text_content()


def test_fifteen_rows_in_order() -> None:
    rows = page(sample.build()).xpath("//table[@class='functions']/tbody/tr")
    assert [row.xpath("string(td[1]/span)") for row in rows] == list(sample.FUNCTIONS)


def test_an_outcome_needs_no_colour() -> None:
    for pill in page(sample.build()).xpath("//*[contains(concat(' ',@class,' '),' pill ')]"):
        assert pill.xpath(".//use/@href")[0].startswith("#i-")
        assert pill.text_content().strip()


def test_one_card_per_requirement_and_the_worst_first() -> None:
    result = sample.build()
    shown = page(result)
    anchors = shown.xpath("//article/@id")
    run = [v for v in result.requirements if v.reason is not Reason.NOT_RUN]
    assert sorted(anchors) == sorted(view.anchor(v.id) for v in run)
    f11 = [i for i in anchors if "F11" in i]
    assert f11 == ["r-AQ8011-2023_F11-1", "r-AQ8011-2023_F11-2"]
    f05 = [i for i in anchors if "F05" in i]
    assert f05 == ["r-AQ8011-2023_F05-2", "r-AQ8011-2023_F05-1"]


def test_a_failed_card_says_everything() -> None:
    card = page(sample.build()).get_element_by_id("r-AQ8011-2023_F11-1")
    said = " ".join(card.text_content().split())
    for part in (
        "国家标准",
        "应急厅〔2023〕52号 四.4",
        "seek_tolerance = 5 秒（本工具自定）",
        "不得越过已观看位置",
        "平台随后记入 24 分 20 秒",
        "±2 s",
        "共 2 次，2 次得出此结果",
        "drag_bar",
        "112, 118, 131, 640",
        "拖动进度条",
    ):
        assert part in said
    assert f"evidence/{sample.PICTURE}" in card.xpath(".//a/@href")


def many(count: int) -> RunResult:
    some = sample.mixed_verdicts()
    return sample.build(
        tuple(some[i % len(some)].model_copy(update={"id": f"AQ8011-2023/X-{i}"}) for i in range(count))
    )


def test_what_did_not_run_is_a_row_of_one_table_and_a_number_on_page_one() -> None:
    result = sample.build()
    shown = page(result)
    (row,) = shown.xpath("//tr[@id='r-AQ8011-2023_F10-1']")
    assert "本次未检测该项" in row.text_content()
    assert "未检测的要求 1 项（F10 1 项" in shown.xpath("string(//p[@class='untested'])")
    assert "F10-1" not in shown.xpath("string(//table[@class='list'][1])")


def test_levels_are_kept_apart_where_findings_are_listed() -> None:
    headings = page(sample.build()).xpath("//table[@class='list'][1]//th[@class='th level' or @class='level']")
    assert [h.text_content().split()[0] for h in headings] == ["国家标准", "本工具限值"]


def test_up_to_the_limit_everything_has_a_card() -> None:
    assert sum(len(g.rows) for g in view.groups(Dossier(result=many(view.MOST_CARDS)))) == 0


def test_beyond_it_only_what_failed_has_and_nothing_is_lost() -> None:
    result = many(view.MOST_CARDS + 1)
    groups = view.groups(Dossier(result=result))
    assert {c.verdict.outcome for g in groups for c in g.cards} == {Outcome.FAIL}
    assert Outcome.FAIL not in {c.verdict.outcome for g in groups for c in g.rows}
    anchors = page(result).xpath("//article/@id | //tr/@id")
    assert sorted(anchors) == sorted(view.anchor(v.id) for v in result.requirements)


def test_documentary_items_and_other_law_stand_apart() -> None:
    result = sample.build()
    assert {c.verdict.level for c in view.set_apart(Dossier(result=result))} == {Level.DOCUMENTARY, Level.LEGAL_NOTE}
    assert not any(view.apart(c.verdict) for g in view.groups(Dossier(result=result)) for c in g.cards)


def test_a_documentary_item_that_an_overlay_demands_stands_with_the_results() -> None:
    wanted = sample.verdict("F07-14", ("保存期限", "retention"), Outcome.REVIEW, level=Level.DOCUMENTARY)
    assert view.apart(wanted)
    assert not view.apart(wanted.model_copy(update={"mandatory": True}))


@pytest.mark.parametrize("result", [sample.build(), sample.clean(), sample.hostile()])
def test_every_report_carries_the_statements(result: RunResult) -> None:
    shown = text(result)
    for name in html.STATEMENTS:
        assert label(f"statement.{name}").zh in shown


def test_we_never_say_certified() -> None:
    own = text(sample.clean())
    for denied in (label("statement.nature"), label("caveat")):
        own = own.replace(denied.zh, "").replace(denied.en, "")
    assert re.search("认证|certified|certification", own, re.I) is None


@pytest.mark.parametrize(
    ("mode", "mark"),
    [(Mode.REHEARSAL, "REHEARSAL"), (Mode.PARTIAL, "PARTIAL"), (Mode.CERTIFICATION, None)],
)
def test_what_is_no_full_run_is_marked_on_every_page(mode: Mode, mark: str | None) -> None:
    source = html.render(sample.build(mode=mode, decision=Decision.INCOMPLETE))
    shown = parser.fromstring(source)
    assert bool(shown.xpath("//*[@class='watermark']")) is (mark is not None)
    assert bool(shown.xpath("//*[@class='banner']")) is (mark is not None)
    margin = re.search(r'@top-left \{ content: "([^"]*)"', source)
    assert margin is not None
    assert (mark or "") in margin[1]
    if mark is None:
        assert margin[1] == ""
    else:
        assert "若为完整实时检测" in str(shown.xpath("string()"))


@pytest.mark.parametrize("once", [True, False])
def test_a_run_that_tried_nothing_again_says_so(once: bool) -> None:
    run = sample.build()
    changed = run.model_copy(update={"conditions": run.conditions.model_copy(update={"once": once})})
    assert ("不符合项未复测，未作判定" in html.render(changed, "zh")) is once
    assert ("what failed was not tried again" in html.render(changed, "en")) is once


def test_a_full_run_without_a_valid_self_test_says_what_was_found_not_what_a_full_run_would_say() -> None:
    run = sample.build(decision=Decision.INCOMPLETE).model_copy(update={"would_be": Decision.CONFORMANT})
    said = str(parser.fromstring(html.render(run)).xpath("string()"))
    assert "仅就检测结果而言" in said
    assert "若为完整实时检测" not in said


def test_what_was_not_tested_is_named_on_page_one() -> None:
    shown = page(sample.build())
    assert "手机端：配置声明有手机端，本次未检测" in shown.xpath("string(//p[@class='untested'])")


def test_time_is_told_as_in_china() -> None:
    assert "2026-11-24 17:00:00 – 18:06:52 北京时间" in text(sample.build())


def test_only_a_full_run_can_be_signed() -> None:
    assert "检测单位（盖章）" in text(sample.build())
    assert "盖章" not in text(sample.build(mode=Mode.PARTIAL))


def test_english_first_on_request() -> None:
    shown = page(sample.build(), "en")
    assert shown.get("lang") == "en"
    assert shown.xpath("string(//h1)").startswith("Test report")
    assert shown.xpath("string(//*[@class='word'])") == "NONCONFORMANT"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_hostile_platform_adds_no_element(lang: str) -> None:
    shown = page(sample.hostile(), lang)
    plain = page(sample.build(), lang)
    assert {e.tag for e in shown.iter() if isinstance(e.tag, str)} == {
        e.tag for e in plain.iter() if isinstance(e.tag, str)
    }
    assert not shown.xpath("//script|//img|//iframe|//object|//form|//base|//link")
    assert not shown.xpath("//@*[starts-with(name(), 'on')]")


def test_links_lead_to_evidence_the_ledger_and_this_page_only() -> None:
    links = set(page(sample.hostile()).xpath("//@href"))
    allowed = re.compile(r"#[\w.-]+|ledger\.jsonl|evidence/[0-9a-f]{64}\.[a-z0-9]+")
    assert [link for link in links if not allowed.fullmatch(link)] == []
    assert f"evidence/{sample.PICTURE}" in links


def test_active_evidence_is_named_and_not_linked() -> None:
    name = "a" * 64 + ".html"
    found = view.evidence(name)
    assert (found.href, found.name) == ("", name)


def test_no_mark_turns_or_hides_text() -> None:
    source = html.render(sample.hostile())
    assert (
        re.search(
            "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", source
        )
        is None
    )
    assert "[U+202E]" in source


def test_a_template_in_a_title_is_text() -> None:
    assert "{{ 7*7 }} {% raw %}" in text(sample.hostile())


def test_the_style_is_the_only_thing_allowed_to_load() -> None:
    shown = page(sample.build())
    policy = shown.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "url(" not in shown.xpath("string(//style)")
    assert "@import" not in shown.xpath("string(//style)")


def test_a_run_id_cannot_leave_its_place_in_the_style() -> None:
    source = html.render(sample.build(run_id='x"; } </style><script>1</script>'))
    assert "<script>" not in source
    assert "报告编号 x_____" in source


def test_a_report_is_never_overwritten(tmp_path: Path) -> None:
    html.write(tmp_path, sample.build())
    before = (tmp_path / "report.html").read_bytes()
    with pytest.raises(LedgerError, match="ever overwritten"):
        html.write(tmp_path, sample.clean())
    assert (tmp_path / "report.html").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [((), ""), ((4,), "4"), ((9, 4), "4, 9"), ((3, 4, 5, 9, 9), "3–5, 9")],
)
def test_ledger_lines_are_shown_as_ranges(numbers: tuple[int, ...], shown: str) -> None:
    assert view.ranges(numbers) == shown


@pytest.mark.parametrize(
    ("written", "name", "value", "whose"),
    [
        ("idle=300 second (declared)", "idle", "300 秒", "平台申报"),
        ("keep=6 year (overlay:jiangxi-2024-24)", "keep", "6 年", "地方或部门规定 jiangxi-2024-24"),
        ("share=0.3 ratio (base)", "share", "0.3 倍", "国家标准规定"),
        ("something else", "", "something else", ""),
    ],
)
def test_a_limit_says_whose_it_is(written: str, name: str, value: str, whose: str) -> None:
    (limit,) = view.limits(written)
    assert (limit.name, limit.value.zh, limit.whose.zh) == (name, value, whose)


def test_what_each_place_states_stands_side_by_side() -> None:
    said = "course_record 1 h, 71.9 s; certificate 1 h; statistics_csv 2 h, 71.9 s; somewhere 9 h"
    cross = sample.verdict("X-08", ("学时证明＝统计", "certificate = statistics"), Outcome.FAIL, observed=(said, said))
    cross = cross.model_copy(update={"id": "AQ8011-2023/X-08", "function": "F08"})
    result = sample.build((*sample.mixed_verdicts(), cross))
    assert [(p.name.zh, p.hours, p.seconds, p.off) for p in view.places(result)] == [
        ("学习记录", 1.0, 71.9, 0.0),
        ("学时证明（页面）", 1.0, None, 0.0),
        ("统计（CSV）", 2.0, 71.9, 1.0),
    ]
    shown = page(result)
    rows = [[c.text_content() for c in r.xpath("td")] for r in shown.xpath("//tr[td[contains(., 'CSV')]]")]
    assert ["统计（CSV）", "2", "71.9", "+1"] in rows
    assert "学习记录 1 学时（71.9 秒）; 学时证明（页面） 1 学时" in shown.text_content()


def test_what_is_stated_of_voided_study_is_not_set_beside_what_was_finished() -> None:
    said = "record and statistics differ: voided: course_record 0 h / statistics 2 h: -2 h"
    cross = sample.verdict("X-03", ("学习记录＝统计", "record = statistics"), Outcome.FAIL, observed=(said, said))
    cross = cross.model_copy(update={"id": "AQ8011-2023/X-03", "function": "F08"})
    assert view.places(sample.build((*sample.mixed_verdicts(), cross))) == ()


def test_no_attempt_is_said_to_have_given_what_only_all_of_them_give() -> None:
    """One failed, one did not: neither of them was unstable."""
    both = [
        sample.verdict("F11-1", ("屏蔽快进", "no fast forward"), Outcome.INCONCLUSIVE, reason=reason, repeated="1/2")
        for reason in (Reason.UNSTABLE, Reason.PRECONDITION_UNMET)
    ]
    unstable, unmet = view.cards(both, Dossier(result=sample.build()))
    assert (unstable.repeated, unmet.repeated) == (None, ("1", "2"))


def test_what_was_done_is_told_where_the_first_look_came_too_early() -> None:
    """A walk of a later stage whose first attempt is none is told by its second, and every walk once."""
    verdict = sample.verdict("F02-9", ("实名注册", "real name"), Outcome.FAIL, walk="F02.approved", repeated="1/1")
    findings = tuple(f.model_copy(update={"attempt": n}) for f in verdict.findings for n in (2, 3))
    result = sample.build((*sample.mixed_verdicts(), verdict.model_copy(update={"findings": findings})))
    looks = [sample.walk("F02.approved", n, purpose="查看审核结果 look at approvals") for n in (1, 2, 3)]
    shown = page(result.model_copy(update={"walks": (*result.walks, *looks)}))
    (card,) = shown.xpath("//article[@id='r-AQ8011-2023_F02-9']")
    assert card.text_content().count("查看审核结果") == 2, "what was done, and how to see it again"
