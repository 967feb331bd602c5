"""F01-1: courses are managed, and a withdrawn one is over. F01-1v, X-07: hours promised are covered by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.compare import at_most
from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import ActionDone, Media, Observation, RecordsRead, Stimulus, TableRead
from harness.model.outcome import Outcome, Reason
from harness.model.values import StudyRecord
from harness.platform.readings import is_blank
from harness.view import SegmentView, WalkView
from probes.bracket import honest, resolution_s, unmet

PUBLISHED = "published"
"""What the reading `courses` must say of a course that learners can study."""
STEPS = ("create", "edit", "submit", "review", "publish", "withdraw", "publish_again")
LESSON_U_S = 0.5
"""How exactly a player knows the length of one lesson's media."""

Row = Mapping[str, str]


def _table(segment: SegmentView | None) -> TableRead | None:
    """The catalogue as it was after a step."""
    read = [] if segment is None else [t for t in segment.facts(TableRead) if t.reading == "courses"]
    return read[-1] if read else None


def _rows(segment: SegmentView | None) -> Sequence[Row] | None:
    read = _table(segment)
    return None if read is None or read.table is None else read.table.rows


def _title(segment: SegmentView | None) -> str:
    """The title that a step gave to the course."""
    done = [] if segment is None else segment.facts(ActionDone)
    return done[-1].args.get("title", "") if done else ""


class Managed:
    """The course of the walk through its steps."""

    def __init__(self, walk: WalkView) -> None:
        self.steps = {name: walk.segments.get(name) for name in STEPS}
        self.title = _title(self.steps["edit"])
        made = self._by_title(_title(self.steps["create"]), "create")
        self.id = made.get("id", "") if made else ""
        self.refs = tuple(sorted({r for s in self.steps.values() if s is not None for r in s.refs}))

    def _by_title(self, title: str, step: str) -> Row | None:
        return next((r for r in _rows(self.steps[step]) or () if title and title in r.get("title", "")), None)

    @property
    def created(self) -> bool:
        """Is it in the catalogue under the title that it was given?"""
        return bool(self.id)

    def row(self, step: str) -> Row | None:
        """Its row after a step; None when the catalogue could not be read or has none."""
        return next((r for r in _rows(self.steps[step]) or () if r.get("id") == self.id), None)

    def published(self, step: str) -> bool | None:
        """Does the catalogue call it published after a step; None when it doesn't say."""
        row = self.row(step)
        return None if row is None or "state" not in row else row["state"] == PUBLISHED

    def failed(self) -> tuple[str, str] | None:
        """The first step whose action was not possible, with the error; None when all were."""
        for name, segment in self.steps.items():
            done = [] if segment is None else segment.facts(ActionDone)
            if not done or not done[-1].ok:
                return name, done[-1].error if done else "not tried"
        return None


def judge_management(walk: WalkView, case: Case) -> Finding:
    """Each step shows in the catalogue; a withdrawn course earns nothing; courses name outline and hours."""
    course = Managed(walk)
    if _rows(course.steps["create"]) is None:
        return inconclusive(case, Reason.PRECONDITION_UNMET, "读不到课程目录", "the catalogue could not be read")
    wrong = [*_unfaithful(course), *_unlabelled(course)]
    if course.created:
        studied = _withdrawn(walk, case)
        if isinstance(studied, Finding) and not wrong:
            return _explained(studied, course)
        if isinstance(studied, tuple):
            wrong.append(studied)
    broken = course.failed()
    if broken is not None and not wrong:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            f"步骤“{broken[0]}”未能完成：{broken[1]}",
            f"step '{broken[0]}' was not possible: {broken[1]}",
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
    return Finding(
        outcome=Outcome.FAIL if wrong else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh="；".join(zh for zh, _ in wrong)
            or "新建、修改、送审、审核、发布、下架均在目录中体现；已下架课程直接访问不能学习；课程均标明大纲和学时",
            en="; ".join(en for _, en in wrong)
            or "each step shows in the catalogue; the withdrawn course could not be studied by its address; "
            "every published course names outline and hours",
        ),
        refs=course.refs,
        accepted=(*honest(walk, case), *(en for _, en in wrong)),
        refused=() if wrong else ("study of the withdrawn course",),
    )


def _unfaithful(course: Managed) -> list[tuple[str, str]]:
    """Steps that were taken without effect: where the page went along and the catalogue shows something else."""
    done = {
        name: segment is not None and bool(segment.facts(ActionDone)) and segment.facts(ActionDone)[-1].ok
        for name, segment in course.steps.items()
    }
    if done["create"] and not course.created:
        return [("新建的课程不在目录中", "the course that was made is not in the catalogue")]
    found = []
    edited, online = course.row("edit"), course.row("publish")
    if done["edit"] and edited is not None and course.title not in edited.get("title", ""):
        found.append(("修改后的名称未生效", "the edited title did not take effect"))
    if online is not None and _labels_known(course) and not float(online.get("hours") or 0) > 0:
        found.append(("新建的课程未标明学时", "the course that was made shows no hours"))
    if done["withdraw"] and course.published("withdraw") is True:
        found.append(("下架后目录仍显示已上线", "withdrawn, the course is still on line"))
    return found


def _unlabelled(course: Managed) -> list[tuple[str, str]]:
    """Published courses without outline or hours, as the catalogue was first seen."""
    rows = _rows(course.steps["create"]) or ()
    read = _table(course.steps["create"])
    columns = set(read.table.columns) if read is not None and read.table is not None else set()
    bare = [
        row.get("title", "?")
        for row in rows
        if row.get("state", PUBLISHED) == PUBLISHED
        and (
            ("outline" in columns and is_blank(row.get("outline")))
            or ("hours" in columns and not float(row.get("hours") or 0) > 0)
        )
    ]
    return [(f"未标明大纲或学时：{'、'.join(bare)}", f"without outline or hours: {', '.join(bare)}")] if bare else []


def _labels_known(course: Managed) -> bool:
    read = _table(course.steps["create"])
    return read is not None and read.table is not None and {"outline", "hours", "state"} <= set(read.table.columns)


def _withdrawn(walk: WalkView, case: Case) -> tuple[str, str] | Finding | None:
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
        return (
            f"课程下架后直接访问仍可学习，计入 {gained:.1f} 秒",
            f"the withdrawn course could be studied by its address: {gained:.1f} s recorded",
        )
    return unmet(walk, case)


def _explained(finding: Finding, course: Managed) -> Finding:
    """The step that went wrong says more than the control that is missing after it."""
    broken = course.failed()
    if broken is None:
        return finding
    said = Text(
        zh=f"{finding.observed.zh}（步骤“{broken[0]}”：{broken[1]}）",
        en=f"{finding.observed.en} (step '{broken[0]}': {broken[1]})",
    )
    return finding.model_copy(update={"observed": said, "refs": (*course.refs, *finding.refs)})


def judge_review_first(walk: WalkView, case: Case) -> Finding:
    """A draft that nobody reviewed does not go on line; reviewed, the same course does."""
    course = Managed(walk)
    tried = walk.segments.get("publish_unreviewed")
    row = next((r for r in _rows(tried) or () if r.get("id") == course.id), None)
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
    return Finding(
        outcome=Outcome.FAIL if online else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh="未经审核即可发布" if online else "未审核不能发布，审核后可以发布",
            en="published without any review" if online else "not published before its review, published after it",
        ),
        refs=tried.refs,
        accepted=("publishing without review",) if online else ("publishing after review",),
        refused=() if online else ("publishing without review",),
    )


def judge_version(walk: WalkView, case: Case) -> Finding:
    """Sittings before and after the video was replaced carry different versions, and the earlier keeps its own."""
    replaced = [s for s in walk.facts(Stimulus) if s.name == "replace_media"]
    if not replaced:
        return inconclusive(case, Reason.UNSUPPORTED, "配置未描述更换课件", "replace_media is not described")
    open_end = unmet(walk, case)
    read = [o for o in walk.observations if isinstance(o.data, RecordsRead)]
    if not replaced[-1].effect.get("done") or open_end is not None or len(read) < 2:
        return open_end or inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能更换课件，或读不到学习记录",
            "the media could not be replaced, or the record not be read",
        )
    before, after = _records(read[0]), _records(read[-1])
    refs = tuple(o.seq for o in (read[0], read[-1]))
    if not replaced[-1].params.get("version_described"):
        return inconclusive(
            case, Reason.UNSUPPORTED, "配置未描述记录中的课件版本", "the record's `version` is not described", refs=refs
        )
    starts = {r.start for r in before}
    kept, new = [r for r in after if r.start in starts], [r for r in after if r.start not in starts]
    if not before or not new:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "更换前后各应有一段学习记录",
            "a record of a sitting before and after the replacement is needed",
            refs=refs,
        )
    old_versions, new_versions = _versions(before), _versions(new)
    unchanged = _versions(kept) == old_versions
    told = "" not in old_versions | new_versions and not old_versions & new_versions
    listed = f"{'/'.join(sorted(old_versions)) or '-'} → {'/'.join(sorted(new_versions)) or '-'}"
    return Finding(
        outcome=Outcome.PASS if told and unchanged else Outcome.FAIL,
        expected=expectation(case.requirement),
        observed=Text(
            zh=("记录区分了更换前后的课件版本：" if told and unchanged else "记录不能反映所学课件版本：") + listed
            + ("" if unchanged else "，且原有记录的版本被改动"),
            en=("the record tells the versions apart: " if told and unchanged else "the record does not tell which "
                "version was studied: ") + listed + ("" if unchanged else "; the earlier row was changed"),
        ),
        refs=refs,
        accepted=honest(walk, case),
        refused=("the earlier row kept its version",) if unchanged else (),
    )  # fmt: skip


def _records(line: Observation) -> tuple[StudyRecord, ...]:
    return (line.data.rows or ()) if isinstance(line.data, RecordsRead) else ()


def _versions(rows: Sequence[StudyRecord]) -> set[str]:
    return {r.version or "" for r in rows}


def judge_stated_content(walk: WalkView, case: Case) -> Finding:
    """In the catalogue: hours shown x 30 minutes <= the length of the content that the platform states."""
    read = [o for o in walk.observations if isinstance(o.data, TableRead) and o.data.reading == "courses"]
    table = read[-1].data.table if read and isinstance(read[-1].data, TableRead) else None
    rows = [r for r in table.rows if r.get("state", PUBLISHED) == PUBLISHED] if table is not None else []
    known = [r for r in rows if "hours" in r and "content" in r]
    refs = (read[-1].seq,) if read else ()
    if not rows or len(known) < len(rows):
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "课程目录未显示学时或内容时长",
            "the catalogue shows no hours or no length of content",
            refs=refs,
        )
    pairs = [(r.get("title", r.get("id", "?")), float(r["hours"]), float(r["content"])) for r in known]
    return _covered(case, pairs, 0.0, refs)


def judge_measured_content(walk: WalkView, case: Case) -> Finding:
    """Measured: hours shown x 30 minutes <= the sum of the lengths that the media really have."""
    courses: dict[str, Row] = {}
    lessons: dict[str, list[str]] = {}
    lengths: dict[str, float] = {}
    refs: list[int] = []
    for o in walk.observations:
        if isinstance(o.data, TableRead) and o.data.table is not None:
            refs.append(o.seq)
            if o.data.reading == "courses":
                courses = {r.get("id", ""): r for r in o.data.table.rows}
            elif o.data.reading == "lessons":
                lessons[o.data.filters.get("course", "")] = [r.get("id", "") for r in o.data.table.rows]
        elif isinstance(o.data, Media) and o.data.sample.duration_s:
            lengths[o.lesson] = o.data.sample.duration_s
    whole = [
        c for c, ids in lessons.items() if ids and "hours" in courses.get(c, {}) and all(i in lengths for i in ids)
    ]
    if not whole:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "没有一门课程的全部课时被测量",
            "no course was measured in all of its lessons",
            refs=tuple(refs),
        )
    pairs = [
        (courses[c].get("title", c), float(courses[c]["hours"]), sum(lengths[i] for i in lessons[c])) for c in whole
    ]
    u = LESSON_U_S * max(len(lessons[c]) for c in whole)
    return _covered(case, pairs, u, tuple(refs))


def _covered(case: Case, courses: Sequence[tuple[str, float, float]], u: float, refs: tuple[int, ...]) -> Finding:
    """Courses as title, hours and seconds of content; the worst of them decides."""
    hour = case.limit("online_hour")
    title, hours, content = max(courses, key=lambda c: c[1] * hour - c[2])
    outcome, reason = at_most(hours * hour, content, u, hour)
    listed = "; ".join(f"{t}: {h:g} h, {s / 60:.2f} min" for t, h, s in courses)
    short = outcome is Outcome.FAIL
    return Finding(
        outcome=outcome,
        reason=reason,
        expected=Text(
            zh=f"{case.requirement.statement.zh}（1学时={hour / 60:g}分钟）",
            en=f"{case.requirement.statement.en} (1 hour = {hour / 60:g} min)",
        ),
        observed=Text(
            zh=(f"《{title}》标 {hours:g} 学时，内容仅 {content / 60:.2f} 分钟；" if short else "") + listed,
            en=(f"'{title}' shows {hours:g} hours for {content / 60:.2f} min of content; " if short else "") + listed,
        ),
        uncertainty=f"±{u:.1f} s",
        refs=refs,
        accepted=() if short else (f"{len(courses)} courses covered",),
        refused=(f"{hours:g} hours for {content / 60:.2f} min",)
        if short
        else ("no course promises more than it holds",),
    )
