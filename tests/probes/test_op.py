"""OP-1 on literal walks: each intervention marked, unmarked, apart, and without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from harness.model.finding import Text
from harness.model.observation import ActionDone, Fact, Observation, RecordsRead, SegmentStarted, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.view import WalkView
from probes.op_operator import TOOLS
from probes.op_operator.judge import judge_marks
from tests.probes.outcomes import OutcomeBuilder, certificate, table
from tests.walkbuilder import case

MARKS = {
    "exempt_face": "人脸豁免：检测",
    "replace_portrait": "更换底照：检测",
    "upload_portrait": "",
    "add_hours": "人工补录：检测",
    "import_hours": "外部导入：检测",
    "complete_in_batch": "批量完成",
    "import_attendance": "",
    "backdate_period": "",
}


def walk(
    *,
    unmarked: str = "",
    as_study: Mapping[str, tuple[str, ...]] | None = None,
    refused: tuple[str, ...] = (),
    without_effect: tuple[str, ...] = (),
    tools: tuple[str, ...] = TOOLS,
    on_paper: str = "人工补录：检测；批量完成",
    before: float = 60.0,
    filed: bool = True,
) -> WalkView:
    """Every tool once. `unmarked` leaves no mark of one; `as_study` counts its hours as study in some places."""
    w = OutcomeBuilder("OP.tools")
    w.control("before", credited=before)
    seen: list[str] = []
    portraits: list[dict[str, object]] = [{"kind": "抓拍", "marks": ""}]
    state: dict[str, Any] = {
        "added": 0.0,
        "study": dict.fromkeys(("course_record", "archive_hours", "statistics"), 60.0),
    }
    state |= {"completed": False, "title": "2026年第11期", "attended": []}

    def look() -> None:
        joined = "；".join(sorted(seen))
        for place in ("course_record", "archive_hours", "statistics"):
            credited = state["study"][place]
            row: dict[str, object] = {"hours": credited // 1800, "credited": credited, "added": state["added"]}
            if place != "statistics":
                row["marks"] = joined if place != "archive_hours" or filed else ""
            if place == "course_record":
                row["completed"] = state["completed"]
            w.read_table(place, row)
        w.read_table("archives", {"learner": "A", "period": "2026-11", "title": state["title"]})
        w.read_table("portrait_list", *portraits)
        w.read_table("attendance", *state["attended"])
        w.add(RecordsRead(rows=(StudyRecord(lesson="第一课", duration_s=60),)))

    with w.stretch("baseline"):
        look()
    for name in tools:
        with w.stretch(name, "attack"):
            w.did(name, ok=name not in refused)
            if name not in refused and name not in without_effect:
                _happen(name, unmarked == name, (as_study or {}).get(name, ()), seen, portraits, state)
            look()
    with w.stretch("certified", "attack"):
        w.did("request_certificate", row=certificate(hours=4, marks=on_paper))
        w.read_table("course_record", {"added": state["added"], "marks": "；".join(seen)})
        w.read_table("certificate", certificate(hours=4, marks=on_paper))
    return w.done()


def _happen(
    name: str,
    unmarked: bool,
    as_study: tuple[str, ...],
    seen: list[str],
    portraits: list[dict[str, object]],
    state: dict[str, Any],
) -> None:
    if name in ("add_hours", "import_hours"):
        if not as_study:
            state["added"] += 3600.0
        for place in as_study:
            state["study"][place] += 3600.0
    if name == "complete_in_batch":
        state["completed"] = True
    if name == "upload_portrait":
        portraits.append({"kind": "抓拍" if unmarked else "人工上传", "marks": "" if unmarked else "人工上传"})
    if name == "import_attendance":
        state["attended"].append({"kind": "理论", "minutes": 50, "marks": "" if unmarked else "人工导入"})
    if name == "backdate_period" and not unmarked:
        state["title"] += "（倒签）"
    if MARKS[name] and not unmarked:
        seen.append(MARKS[name])


def test_everything_marked_passes() -> None:
    finding = judge_marks(walk(), case("OP-1"))
    assert finding.outcome is Outcome.PASS, finding.observed
    assert len(finding.accepted) == len(TOOLS)


@pytest.mark.parametrize("name", [t for t in TOOLS if t not in ("add_hours", "import_hours")])
def test_each_intervention_without_a_mark_is_a_false_record(name: str) -> None:
    finding = judge_marks(walk(unmarked=name), case("OP-1"))
    assert finding.outcome is Outcome.FAIL
    assert finding.unearned


@pytest.mark.parametrize("name", ["add_hours", "import_hours"])
@pytest.mark.parametrize("place", ["course_record", "archive_hours", "statistics"])
def test_hours_by_hand_that_one_place_counts_as_study_are_false(name: str, place: str) -> None:
    finding = judge_marks(walk(unmarked=name, as_study={name: (place,)}), case("OP-1"))
    assert finding.outcome is Outcome.FAIL


def test_hours_told_apart_need_no_words_beside_them() -> None:
    assert judge_marks(walk(unmarked="add_hours"), case("OP-1")).outcome is Outcome.PASS


def test_an_archive_that_keeps_quiet_about_them_is_false() -> None:
    finding = judge_marks(walk(filed=False), case("OP-1"))
    assert finding.outcome is Outcome.FAIL
    assert "not in the archive" in finding.observed.en


def test_a_certificate_that_keeps_quiet_about_them_is_false() -> None:
    finding = judge_marks(walk(on_paper="无"), case("OP-1"))
    assert finding.outcome is Outcome.FAIL
    assert "certificate" in finding.observed.en


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"without_effect": ("add_hours",)}, Reason.PRECONDITION_UNMET),
        ({"without_effect": ("upload_portrait",)}, Reason.PRECONDITION_UNMET),  # it waits for an approval
        ({"refused": TOOLS}, Reason.PRECONDITION_UNMET),
        ({"tools": ()}, Reason.UNSUPPORTED),
        ({"before": 0.0}, Reason.PRECONDITION_UNMET),
    ],
)
def test_what_had_no_effect_tells_nothing(changed: dict[str, Any], reason: Reason) -> None:
    finding = judge_marks(walk(**changed), case("OP-1"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, reason)


def test_where_the_mark_would_stand_nothing_was_read() -> None:
    whole = walk(unmarked="backdate_period")
    blind = tuple(o for o in whole.observations if getattr(o.data, "reading", "") != "archives")
    finding = judge_marks(WalkView(whole.name, 1, blind), case("OP-1"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET)


def test_a_tool_that_could_not_be_used_is_for_a_person_to_look_at() -> None:
    """A step that was not found leaves hours unentered, and no platform passes for not marking them."""
    finding = judge_marks(walk(refused=("add_hours", "replace_portrait")), case("OP-1"))
    assert finding.outcome is Outcome.REVIEW
    assert "补录学时" in finding.observed.zh.split("未能进行")[1]
    assert "marked: " in finding.observed.en
    assert "added hours" in finding.observed.en.split("not possible")[1]
    wrong = judge_marks(walk(refused=("replace_portrait",), unmarked="complete_in_batch"), case("OP-1"))
    assert wrong.outcome is Outcome.FAIL
    assert wrong.refused[0] == Text(zh="更换注册照片：无法进行", en="replaced enrolment photograph: not possible")


Line = Callable[[str, Observation], Iterator[Fact]]


def but(whole: WalkView, change: Line) -> WalkView:
    """The same walk with other facts: `change` is told the stretch and what was written there."""
    w, stretch = OutcomeBuilder("OP.tools"), ""
    w.lines.clear()
    for o in whole.observations:
        stretch = o.data.segment if isinstance(o.data, SegmentStarted) else stretch
        for fact in change(stretch, o):
            w.add(fact, o.lesson)
    return WalkView(whole.name, 1, tuple(w.lines))


def unread(place: str, *stretches: str) -> Line:
    def change(stretch: str, o: Observation) -> Iterator[Fact]:
        hit = stretch in stretches and isinstance(o.data, TableRead) and o.data.reading == place
        yield TableRead(reading=place, table=None, error="HTTP 500") if hit else o.data

    return change


@pytest.mark.parametrize("place", ["course_record", "archive_hours", "statistics", "archives"])
@pytest.mark.parametrize(("unmarked", "tool"), [("exempt_face", "exempt_face"), ("", "add_hours")])
def test_a_place_that_could_not_be_read_is_neither_unmarked_nor_marked(place: str, unmarked: str, tool: str) -> None:
    seen = but(walk(tools=(tool,), unmarked=unmarked), unread(place, tool))
    assert judge_marks(seen, case("OP-1")).reason is Reason.PRECONDITION_UNMET


def test_what_was_not_read_before_is_no_new_mark() -> None:
    """The mark of the exemption stood there when the other photograph came."""
    tools = ("exempt_face", "replace_portrait")
    seen = but(walk(tools=tools, unmarked="replace_portrait"), unread("course_record", "exempt_face"))
    seen = but(seen, unread("archive_hours", "exempt_face"))
    assert judge_marks(seen, case("OP-1")).outcome is not Outcome.PASS


def test_a_batch_of_which_the_last_was_refused_is_judged() -> None:
    """The first lesson completed the whole course, so that nothing was left for the second."""

    def refused_at_last(stretch: str, o: Observation) -> Iterator[Fact]:
        yield o.data
        if isinstance(o.data, ActionDone) and o.data.name == "complete_in_batch":
            yield ActionDone(name="complete_in_batch", ok=False, error="已学完", took_s=1.0)

    assert judge_marks(but(walk(unmarked="complete_in_batch"), refused_at_last), case("OP-1")).outcome is Outcome.FAIL
    assert judge_marks(but(walk(), refused_at_last), case("OP-1")).outcome is Outcome.PASS


def test_the_title_of_a_file_that_was_only_made_then_is_no_mark() -> None:
    """Completing a course makes its file."""

    def no_file_before(stretch: str, o: Observation) -> Iterator[Fact]:
        none = stretch == "baseline" and isinstance(o.data, TableRead) and o.data.reading == "archives"
        yield o.data.model_copy(update={"table": table(columns=("title",))}) if none else o.data

    seen = but(walk(tools=("complete_in_batch",), unmarked="complete_in_batch"), no_file_before)
    assert judge_marks(seen, case("OP-1")).outcome is Outcome.FAIL


def one_word(*, rows: bool) -> Line:
    """A platform that says one and the same of whatever was entered by hand: in each row, or once beside the total."""
    hours = {"baseline": 0, "add_hours": 2, "import_hours": 4, "certified": 4}

    def change(stretch: str, o: Observation) -> Iterator[Fact]:
        count = hours.get(stretch, 0) // 2
        if isinstance(o.data, TableRead) and o.data.reading in ("course_record", "archive_hours", "statistics"):
            row = {"hours": 2 * count, "credited": 7200 * count, "marks": "含人工补录" if count and not rows else ""}
            more = [{"hours": 0, "credited": 0, "marks": "人工补录"}] * count if rows else []
            yield o.data.model_copy(update={"table": table(row, *more)})
        else:
            yield o.data

    return change


def test_the_same_word_for_each_intervention_marks_each_where_each_has_a_row() -> None:
    seen = but(walk(tools=("add_hours", "import_hours")), one_word(rows=True))
    finding = judge_marks(seen, case("OP-1"))
    assert finding.outcome is Outcome.PASS, finding.observed


def test_the_same_word_beside_a_total_leaves_open_what_it_is_said_of() -> None:
    seen = but(walk(tools=("add_hours", "import_hours")), one_word(rows=False))
    finding = judge_marks(seen, case("OP-1"))
    assert (finding.outcome, finding.reason) == (Outcome.INCONCLUSIVE, Reason.PRECONDITION_UNMET), finding.observed


def test_a_word_that_honest_study_bears_too_marks_nothing() -> None:
    def ordinary(stretch: str, o: Observation) -> Iterator[Fact]:
        if isinstance(o.data, TableRead) and o.data.reading == "portrait_list" and o.data.table is not None:
            rows = [{**row, "marks": "正常"} for row in o.data.table.rows]
            yield o.data.model_copy(update={"table": table(*rows)})
        else:
            yield o.data

    seen = but(walk(tools=("upload_portrait",), unmarked="upload_portrait"), ordinary)
    assert judge_marks(seen, case("OP-1")).outcome is Outcome.FAIL


def test_a_pass_names_only_places_that_were_read() -> None:
    def no_statistics(stretch: str, o: Observation) -> Iterator[Fact]:
        if not (isinstance(o.data, TableRead) and o.data.reading == "statistics"):
            yield o.data

    finding = judge_marks(but(walk(), no_statistics), case("OP-1"))
    assert finding.outcome is Outcome.PASS
    assert finding.refused == (
        Text(zh="学习记录、档案均未将其计为学习", en="record, archive: none of it stands there as study"),
    )


def test_an_archive_that_says_once_what_the_record_says_in_each_row_says_it() -> None:
    def once(stretch: str, o: Observation) -> Iterator[Fact]:
        (fact,) = one_word(rows=True)(stretch, o)
        if isinstance(fact, TableRead) and fact.reading == "archive_hours" and fact.table is not None:
            fact = fact.model_copy(update={"table": table(*fact.table.rows[:2])})
        yield fact

    finding = judge_marks(but(walk(tools=("add_hours", "import_hours")), once), case("OP-1"))
    assert finding.outcome is not Outcome.FAIL, finding.observed


def test_a_certificate_of_honest_study_needs_no_mark() -> None:
    """No tool went through; what the platform calls ordinary study (正常) was entered by nobody's hand."""

    def ordinary(stretch: str, o: Observation) -> Iterator[Fact]:
        if isinstance(o.data, TableRead) and o.data.reading == "course_record":
            yield o.data.model_copy(update={"table": table({"hours": 0, "credited": 60, "marks": "正常"})})
        else:
            yield o.data

    seen = but(walk(refused=TOOLS, on_paper="无"), ordinary)
    assert judge_marks(seen, case("OP-1")).reason is Reason.PRECONDITION_UNMET
