"""F01-1: courses are managed, and a withdrawn one is over. F01-2a: none goes on line without a review."""

from __future__ import annotations

from harness.judge import Case, expectation, inconclusive, review, unless_wrong
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import COMMA, led
from harness.platform.readings import is_blank
from harness.view import SegmentView, WalkView
from probes.bracket import blind, honest, resolution_s, unmet
from probes.f01_course_management.judge_content import judge_measured_content, judge_stated_content
from probes.f01_course_management.judge_version import judge_version
from probes.f01_course_management.managed import PUBLISHED, Managed, catalogue_after, ours, rows_after
from probes.tables import action

__all__ = ["judge_management", "judge_measured_content", "judge_review_first", "judge_stated_content", "judge_version"]


def judge_management(walk: WalkView, case: Case) -> Finding:
    """Each step shows in the catalogue; a withdrawn course earns nothing; courses name outline and hours."""
    course = Managed(walk)
    if catalogue_after(course.steps["create"]) is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "读不到课程目录", "the catalogue could not be read")
    bare, labelled = _by_label(course)
    titles = [Text(zh=f"《{title}》", en=title) for title in bare]
    unlabelled = led("未标明大纲或学时", "without outline or hours", titles, COMMA)
    wrong = [*_unfaithful(course), *([unlabelled] if bare and not labelled else [])]
    if course.created:
        studied = _withdrawn(walk, case, course)
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
    if not wrong and not _labels_known(course):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "配置未说明课程目录中哪一列是大纲、学时或状态",
            "the profile does not say where the catalogue shows outline, hours or state",
            refs=course.refs,
        )
    if not wrong and not course.came_online():
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "审核并发布后目录仍未显示已上线，无从对照",
            "reviewed and published, the catalogue does not show the course on line: no control",
            refs=course.refs,
        )
    if not wrong and course.went_offline() is None:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "下架后读不到课程目录，不知课程是否已下架",
            "the catalogue could not be read after the withdrawal: it is not known whether the course was withdrawn",
            refs=course.refs,
        )
    if not wrong and all(is_blank(row.get("outline")) for row in course.rows("publish")):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "本次新建的课程未选大纲（见配置 create_course），发布后目录中也没有大纲",
            "the course that was made was given no outline (see the profile's create_course), and shows none on line",
            refs=course.refs,
        )
    if not wrong and bare:
        return review(
            case,
            f"平台能标明大纲和学时，部分已上线的课程{unlabelled.zh}，请评定人员查看是否为培训课程",
            f"the platform shows outline and hours; some courses on line are {unlabelled.en}: an assessor must see "
            "whether they are training courses",
            refs=course.refs,
            accepted=honest(walk, case),
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
    titles = [row.get("title", "") for row in course.rows("edit")]
    online = course.rows("publish")
    if course.done("edit") and titles and not any(course.title in title for title in titles):
        found.append(Text(zh="修改后的名称未生效", en="the edited title did not take effect"))
    if online and _labels_known(course) and not any(float(row.get("hours") or 0) > 0 for row in online):
        found.append(Text(zh="新建的课程未标明学时", en="the course that was made shows no hours"))
    if course.done("withdraw") and course.went_offline() is False:
        found.append(Text(zh="下架后目录仍显示已上线", en="withdrawn, the course is still on line"))
    return found


def _by_label(course: Managed) -> tuple[list[str], bool]:
    """Titles of published courses without outline or hours, as the catalogue was first seen; and has any of them both?

    Where some have, the platform can show them: what has none may be no training course (a notice, a public lecture).
    """
    table = catalogue_after(course.steps["create"])
    columns = set(table.columns) if table is not None else set()
    online = [r for r in rows_after(course.steps["create"]) if r.get("state") == PUBLISHED and not ours(r)]
    bare = [
        row
        for row in online
        if ("outline" in columns and is_blank(row.get("outline")))
        or ("hours" in columns and not float(row.get("hours") or 0) > 0)
    ]
    return [row.get("title", "?") for row in bare], len(bare) < len(online)


def _labels_known(course: Managed) -> bool:
    table = catalogue_after(course.steps["create"])
    return table is not None and {"outline", "hours", "state"} <= set(table.columns)


def _withdrawn(walk: WalkView, case: Case, course: Managed) -> Text | Finding | None:
    """What a learner earned in the withdrawn course: a shortfall, why it can't be told, or None."""
    segment = walk.segments.get("withdrawn")
    gained = None if segment is None else segment.gained_s(case.hour_s)
    if segment is None or gained is None or not course.done("withdraw"):
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
    if blind(segment, case):
        played = segment.watched().valid_s
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"课程下架后仍播放 {played:.1f} 秒，而记录的刻度（{u:.0f} 秒）看不出是否计入",
            f"the withdrawn course played for {played:.1f} s, and the record (±{u:.0f} s) can't show what it counted",
            refs=segment.refs,
        )
    if _lost(segment):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "打开已下架课程时网络中断或页面超时，无从判断",
            "the network failed or the page took too long when the withdrawn lesson was opened: nobody was refused",
            refs=segment.refs,
        )
    if not _addressed(walk, segment):
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "课程下架后按配置的步骤打不开课时，而课时的网址未试",
            "the withdrawn lesson could not be opened the profile's way, and its address was not tried",
            refs=segment.refs,
        )
    return unmet(walk, case)


def _lost(segment: SegmentView) -> bool:
    """Did the lesson not open for want of an answer? That is no refusal."""
    tried = next((s for s in segment.facts(Stimulus) if s.name == "open_withdrawn"), None)
    said = "" if tried is None else str(tried.effect.get("refused") or "")
    return "net::" in said or ("page did not open" in said and "Timeout" in said)


def _addressed(walk: WalkView, segment: SegmentView) -> bool:
    """Was the withdrawn lesson asked for where it had been studied? A way through the lists ends in the lists."""
    tried = next((s for s in segment.facts(Stimulus) if s.name == "open_withdrawn"), None)
    opened, before = action(segment, "open_lesson"), _first_opened(walk)
    if opened is None or opened.ok or before is None or opened.url == before.url:
        return True
    return tried is not None and bool(tried.effect.get("by_address"))


def _first_opened(walk: WalkView) -> ActionDone | None:
    """How the lesson was opened when it could be studied."""
    return next((a for a in walk.facts(ActionDone) if a.name == "open_lesson" and a.ok), None)


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
    # Until its review: what a list that is kept for a while shows a moment later counts, too.
    states = [row["state"] for row in course.rows("publish_unreviewed", "review") if "state" in row]
    if not course.created or tried is None or not states:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能试验未审核先发布",
            "publishing without review was not tried, or the catalogue shows no state",
            refs=course.refs,
        )
    online = PUBLISHED in states
    if not online and not course.came_online():
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "审核后也未能发布，无从对照",
            "the course could not be published after its review either: no control",
            refs=course.refs,
        )
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
