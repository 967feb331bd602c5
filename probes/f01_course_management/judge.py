"""F01-1: courses are managed, and a withdrawn one is over. F01-2a: none goes on line without a review."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, led
from harness.platform.readings import is_blank
from harness.view import WalkView
from probes.bracket import honest, resolution_s, unmet
from probes.f01_course_management.judge_content import judge_measured_content, judge_stated_content
from probes.f01_course_management.judge_version import judge_version
from probes.f01_course_management.managed import PUBLISHED, Managed, catalogue_after, rows_after

__all__ = ["judge_management", "judge_measured_content", "judge_review_first", "judge_stated_content", "judge_version"]


def judge_management(walk: WalkView, case: Case) -> Finding:
    """Each step shows in the catalogue; a withdrawn course earns nothing; courses name outline and hours."""
    course = Managed(walk)
    if catalogue_after(course.steps["create"]) is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "读不到课程目录", "the catalogue could not be read")
    wrong = [*_unfaithful(course), *_unlabelled(course)]
    if course.created:
        studied = _withdrawn(walk, case)
        if isinstance(studied, Finding) and not wrong:
            return _explained(studied, course)
        if isinstance(studied, Text):
            wrong.append(studied)
    broken = course.failed()
    if broken is not None and not wrong:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            broken.zh,
            broken.en,
            refs=course.refs,
        )
    if not wrong and course.published("publish") is False:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "审核并发布后目录仍未显示已上线，无从对照",
            "reviewed and published, the catalogue does not show the course on line: no control",
            refs=course.refs,
        )
    if not wrong and not _labels_known(course):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "配置未说明课程目录中哪一列是大纲、学时或状态",
            "the profile does not say where the catalogue shows outline, hours or state",
            refs=course.refs,
        )
    return unless_wrong(
        case,
        wrong,
        "课程管理有缺陷",
        Text(
            zh="新建、修改、送审、审核、发布、下架均在目录中体现；已下架课程直接访问不能学习；课程均标明大纲和学时",
            en="each step shows in the catalogue; the withdrawn course could not be studied by its address; "
            "every published course names outline and hours",
        ),
        refs=course.refs,
        accepted=(*honest(walk, case), *wrong),
        refused=()
        if wrong
        else (Text(zh="直接访问已下架课程学习", en="study of the withdrawn course by its address"),),
    )


def _unfaithful(course: Managed) -> list[Text]:
    """Steps that were taken without effect: where the page went along and the catalogue shows something else."""
    if course.done("create") and not course.created:
        return [Text(zh="新建的课程不在目录中", en="the course that was made is not in the catalogue")]
    found: list[Text] = []
    edited, online = course.row("edit"), course.row("publish")
    if course.done("edit") and edited is not None and course.title not in edited.get("title", ""):
        found.append(Text(zh="修改后的名称未生效", en="the edited title did not take effect"))
    if online is not None and _labels_known(course) and not float(online.get("hours") or 0) > 0:
        found.append(Text(zh="新建的课程未标明学时", en="the course that was made shows no hours"))
    if course.done("withdraw") and course.published("withdraw") is True:
        found.append(Text(zh="下架后目录仍显示已上线", en="withdrawn, the course is still on line"))
    return found


def _unlabelled(course: Managed) -> list[Text]:
    """Published courses without outline or hours, as the catalogue was first seen."""
    table = catalogue_after(course.steps["create"])
    columns = set(table.columns) if table is not None else set()
    bare = [
        row.get("title", "?")
        for row in rows_after(course.steps["create"])
        if row.get("state", PUBLISHED) == PUBLISHED
        and (
            ("outline" in columns and is_blank(row.get("outline")))
            or ("hours" in columns and not float(row.get("hours") or 0) > 0)
        )
    ]
    titles = [Text(zh=f"《{title}》", en=title) for title in bare]
    return [led("未标明大纲或学时", "without outline or hours", titles, COMMA)] if bare else []


def _labels_known(course: Managed) -> bool:
    table = catalogue_after(course.steps["create"])
    return table is not None and {"outline", "hours", "state"} <= set(table.columns)


def _withdrawn(walk: WalkView, case: Case) -> Text | Finding | None:
    """What a learner earned in the withdrawn course: a shortfall, why it can't be told, or None."""
    segment = walk.segments.get("withdrawn")
    gained = None if segment is None else segment.gained_s(case.hour_s)
    if segment is None or gained is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能试验已下架课程的直接访问",
            "opening the withdrawn course by its address was not tried",
        )
    u = resolution_s(segment, case)
    if gained > u:
        return Text(
            zh=f"课程下架后直接访问仍可学习，计入 {gained:.1f} 秒",
            en=f"the withdrawn course could be studied by its address: {gained:.1f} s recorded",
        )
    return unmet(walk, case)


def _explained(finding: Finding, course: Managed) -> Finding:
    """The step that went wrong says more than the control that is missing after it."""
    broken = course.failed()
    if broken is None:
        return finding
    said = Text(zh=f"{finding.observed.zh}（{broken.zh}）", en=f"{finding.observed.en} ({broken.en})")
    return finding.model_copy(update={"observed": said, "refs": (*course.refs, *finding.refs)})


def judge_review_first(walk: WalkView, case: Case) -> Finding:
    """A draft that nobody reviewed does not go on line; reviewed, the same course does."""
    course = Managed(walk)
    tried = walk.segments.get("publish_unreviewed")
    row = next((r for r in rows_after(tried) if r.get("id") == course.id), None)
    if not course.created or tried is None or row is None or "state" not in row:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能试验未审核先发布",
            "publishing without review was not tried, or the catalogue shows no state",
            refs=course.refs,
        )
    if row["state"] != PUBLISHED and course.published("publish") is not True:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "审核后也未能发布，无从对照",
            "the course could not be published after its review either: no control",
            refs=course.refs,
        )
    online = row["state"] == PUBLISHED
    without = Text(zh="未经审核发布", en="publishing without review")
    return Finding(
        outcome=Outcome.FAIL if online else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh="未经审核即可发布" if online else "未审核不能发布，审核后可以发布",
            en="published without any review" if online else "not published before its review, published after it",
        ),
        refs=tried.refs,
        accepted=(without if online else Text(zh="审核后发布", en="publishing after review"),),
        refused=() if online else (without,),
    )
