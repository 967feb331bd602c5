"""F02-1: only real names and valid numbers register. F02-2: nobody earns credit before being verified."""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.judge import Case, expectation, inconclusive
from harness.model.finding import Finding, Text
from harness.model.observation import Stimulus
from harness.model.outcome import Outcome, Reason
from harness.model.words import series
from harness.view import SegmentView, WalkView, joined
from probes.bracket import blind, control, resolution_s

REFUSALS = {
    "no_name": ("缺少姓名", "no name"),
    "no_id_number": ("缺少证件号码", "no identity number"),
    "wrong_check_digit": ("校验位错误", "a wrong check digit"),
    "impossible_birthday": ("出生日期不存在", "a birthday that does not exist"),
    "fifteen_digits": ("15位旧号码", "an old number of 15 digits"),
    "duplicate": ("与已注册人员重复", "the number of a registered person"),
    "duplicate_small_x": ("以小写 x 重复注册", "the number of a registered person in small letters"),
}
"""What must not complete, by the case's name."""
WAYS = {"registered": ("自行注册", "registered"), "imported": ("批量导入", "imported")}
"""How an account that nobody verified came about."""
AGES = {"child": ("未满十八周岁", "under eighteen"), "ancient": ("年龄逾百岁", "over a hundred years old")}

APPLICATIONS = {
    **REFUSALS,
    **AGES,
    "valid_small_x": ("小写 x 的有效号码", "a valid number with a small x"),
    "valid_after": ("随后的有效注册", "a valid application afterwards"),
    "no_portrait": ("无照片", "no portrait"),
}


_FIGURES = re.compile(r"\d+")


class Applications:
    """The applications of a walk, and which of them were taken."""

    def __init__(self, walk: WalkView) -> None:
        lines = [(o, o.data) for o in walk.observations if isinstance(o.data, Stimulus) and o.data.name == "register"]
        self._tried = {str(s.params.get("case")): s for _, s in lines}
        self.refs = tuple(o.seq for o, _ in lines)
        self.evidence = tuple(name for o, _ in lines for name in o.evidence)
        # Taken by the page and then approved by people, or not: only who may study has registered.
        self._studies = {
            str(s.params.get("case")): s.effect.get("studies") is True
            for s in walk.facts(Stimulus)
            if s.name == "look_at_account"
        }
        valid = self._tried.get("valid")
        # A list that shows the valid application shows the others too; one that doesn't can't tell.
        self._list_tells = valid is not None and valid.effect.get("listed") is True

    def tried(self, case: str) -> bool:
        """Was this application made?"""
        return case in self._tried

    def taken(self, case: str) -> bool:
        """Did it become an account: by the list of accounts where that can tell, else by what the page answered; and
        did it stay one, where people decide?"""
        if case in self._studies:
            return self._studies[case]
        effect = self._tried[case].effect
        held = effect.get("listed") if self._list_tells else effect.get("answered")
        return bool(held) and not self._half_way(case)

    def doubtful(self, case: str) -> bool:
        """Is it not known whether it became one? The list of accounts, which decides, could not be read; or an account
        was opened and its registration has not completed."""
        if case in self._studies or not self._list_tells:
            return False
        return self._tried[case].effect.get("listed") is None or self._half_way(case)

    def _half_way(self, case: str) -> bool:
        """Did the page refuse, and the list show an account in another state than a valid person's? Many platforms
        open an account first and ask for the real name next."""
        effect = self._tried[case].effect
        state, valid = (str(self._tried[name].effect.get("state") or "").strip() for name in (case, "valid"))
        return bool(effect.get("listed") and not effect.get("answered") and state and valid and state != valid)

    def remark(self, case: str) -> str:
        """What the platform noted about the account, and notes of no valid person's; figures aside (a date)."""
        said = self._noted(case)
        everybody = {_FIGURES.sub("", self._noted(name)) for name in self._tried if name.startswith("valid")}
        return said if _FIGURES.sub("", said) not in everybody else ""

    def _noted(self, case: str) -> str:
        return str(self._tried[case].effect.get("remark") or "").strip()

    def unmet(self, case: Case, needed: Iterable[str]) -> Finding | None:
        """Why nothing can be concluded, or None."""
        if not self.tried("valid"):
            return inconclusive(case, Reason.PRECONDITION_UNMET, "未能提交注册", "no application was made")
        if not self.taken("valid"):
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "平台未接受本工具虚构的有效身份，无从对照（不视为不符合）",
                "the platform did not take a valid identity invented by this tool, so there is no control "
                "(which is no failure)",
                refs=self.refs,
                evidence=self.evidence,
                settled=True,
            )
        left = [name for name in ("valid_after", *needed) if not self.tried(name)]
        if left:
            zh, en = zip(*(APPLICATIONS.get(name, (name, name)) for name in left), strict=True)
            return inconclusive(
                case,
                Reason.INSUFFICIENT_EVIDENCE,
                f"未试：{'、'.join(zh)}",
                f"not tried: {', '.join(en)}",
                refs=self.refs,
            )
        if not self.taken("valid_after"):
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "最后一次有效注册也未被接受（如次数限制），其间的拒绝不说明问题",
                "the last valid application was not taken either (a limit of attempts?), so what was refused before it "
                "proves nothing",
                refs=self.refs,
                evidence=self.evidence,
            )
        return None

    def unknown(self, case: Case, names: Iterable[str]) -> Finding | None:
        """Why nothing can be concluded where nothing wrong was seen, or None."""
        left = [name for name in names if self.doubtful(name)]
        if not left:
            return None
        zh, en = zip(*(APPLICATIONS.get(name, (name, name)) for name in left), strict=True)
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            f"账号列表读不到，或所列账号状态与有效注册不同，不知是否完成注册：{'、'.join(zh)}",
            "the list of accounts could not be read, or shows an account in another state than a valid person's; "
            f"whether it registered is not known: {', '.join(en)}",
            refs=self.refs,
            evidence=self.evidence,
        )


def judge_registration(walk: WalkView, case: Case) -> Finding:
    """A valid person registers, with a small x too; without name or number, with a false or a taken one nobody does."""
    walk = joined(walk, case.beside)
    made = Applications(walk)
    open_end = made.unmet(case, (*REFUSALS, "valid_small_x"))
    if open_end is not None:
        return open_end
    wrong = [name for name in REFUSALS if made.taken(name)]
    small = made.taken("valid_small_x")
    small_refused = not small and not made.doubtful("valid_small_x")
    unknown = made.unknown(case, (*REFUSALS, "valid_small_x"))
    if unknown is not None and not wrong and not small_refused:
        return unknown
    right = [name for name in REFUSALS if name not in wrong and not made.doubtful(name)]
    zh = [f"接受了不应接受的注册：{'、'.join(REFUSALS[n][0] for n in wrong)}"] if wrong else []
    en = [f"took what must not register: {', '.join(REFUSALS[n][1] for n in wrong)}"] if wrong else []
    if small_refused:
        zh.append("拒绝了校验位为小写 x 的有效号码，而大写 X 的有效号码可以注册")
        en.append("refused a valid number with a small x, although one with a capital X registers")
    if not zh:
        zh = [f"有效信息可以注册（含小写 x）；拒绝了：{'、'.join(REFUSALS[n][0] for n in right)}"]
        en = [f"valid people register, a small x included; refused: {', '.join(REFUSALS[n][1] for n in right)}"]
    return Finding(
        outcome=Outcome.FAIL if wrong or small_refused else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh="；".join(zh), en="; ".join(en)),
        refs=made.refs,
        evidence=made.evidence,
        accepted=("valid", *(("valid_small_x",) if small else ()), "valid_after", *wrong),
        refused=tuple(right),
    )


def judge_portrait_and_masking(walk: WalkView, case: Case) -> Finding:
    """No account without a portrait, or at least no study; and the list of accounts shows no whole number."""
    walk = joined(walk, case.beside)
    made = Applications(walk)
    open_end = made.unmet(case, ("no_portrait",))
    if open_end is not None:
        return open_end
    looks = [s for s in walk.facts(Stimulus) if s.name == "look_at_number"]
    if not looks or looks[-1].effect.get("shown") is None:
        return inconclusive(
            case,
            Reason.INSUFFICIENT_EVIDENCE,
            "未能查看证件号码的显示方式",
            "how the platform shows identity numbers could not be read",
            refs=made.refs,
        )
    in_full = looks[-1].effect.get("in_full") is True
    number = ("证件号码已遮蔽或不显示", "the identity number is masked or not shown")
    if in_full:
        number = ("证件号码完整显示", "the identity number is shown in full")
    unknown, segment = made.unknown(case, ("no_portrait",)), walk.segments.get("without_portrait")
    bare, refs = ("无照片不能注册", "no registration without a portrait"), made.refs
    without = False
    if unknown is not None and segment is None:
        if not in_full:
            return unknown
        bare = ("是否可以无照片注册未能确认", "whether somebody registers without a portrait is not known")
    elif unknown is not None or made.taken("no_portrait"):
        gained = None if segment is None else segment.gained_s(case.hour_s)
        if segment is None or gained is None:
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                "无照片可以注册，但未能确认学习前是否补照",
                "registered without a portrait; whether one is taken before the first study could not be seen",
                refs=refs,
            )
        without = gained > resolution_s(segment, case)
        if not without and not in_full and blind(segment, case):
            return _too_coarse(case, segment, ("无照片", "without a portrait"))
        refs += segment.refs
        bare = (
            (f"无照片注册后即可学习，计入 {gained:.1f} 秒", f"studied without any portrait, {gained:.1f} s recorded")
            if without
            else ("无照片可以注册，但不能学习", "registered without a portrait, but could not study")
        )
    return Finding(
        outcome=Outcome.FAIL if in_full or without else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh=f"{bare[0]}；{number[0]}", en=f"{bare[1]}; {number[1]}"),
        refs=refs,
        evidence=made.evidence,
        accepted=("valid", *(("without_portrait",) if without else ())),
        refused=() if without or (unknown is not None and segment is None) else ("no_portrait",),
    )


def judge_age(walk: WalkView, case: Case) -> Finding:
    """A child and somebody of 108 years are refused, or the platform notes something about them."""
    walk = joined(walk, case.beside)
    made = Applications(walk)
    open_end = made.unmet(case, AGES)
    if open_end is not None:
        return open_end
    silent = [name for name in AGES if made.taken(name) and not made.remark(name)]
    if not silent and (unknown := made.unknown(case, AGES)) is not None:
        return unknown
    told = [name for name in AGES if name not in silent]
    return Finding(
        outcome=Outcome.FAIL if silent else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(
            zh=(f"无任何提示即接受：{'、'.join(AGES[n][0] for n in silent)}" if silent else "")
            or f"拒绝或提示：{'、'.join(AGES[n][0] for n in told)}",
            en=(f"taken without a word: {', '.join(AGES[n][1] for n in silent)}" if silent else "")
            or f"refused or pointed out: {', '.join(AGES[n][1] for n in told)}",
        ),
        refs=made.refs,
        evidence=made.evidence,
        accepted=("valid", *silent),
        refused=tuple(told),
    )


def judge_unverified(walk: WalkView, case: Case) -> Finding:
    """What an unverified account tries earns nothing, and the same account earns once it is verified."""
    walk = joined(walk, case.beside)
    tried = [s for name, s in walk.segments.items() if name.startswith("unverified_")]
    if not tried:
        return inconclusive(
            case,
            Reason.PRECONDITION_UNMET,
            "未能取得未核验的账号（平台拒绝虚构身份不视为不符合）",
            "no unverified account came about (refusing invented identities is no failure)",
        )
    earned: list[Text] = []
    refused: list[Text] = []
    honest: list[str] = []
    unseen: list[SegmentView] = []
    refs: list[int] = []
    u = 0.0
    for segment in tried:
        way = segment.name.removeprefix("unverified_")
        after = walk.segments.get(f"after_{way}")
        studied = None if after is None else control(after, case)
        gained = segment.gained_s(case.hour_s)
        refs += segment.refs
        if gained is None or after is None or studied is None or not studied.credited:
            zh, en = WAYS.get(way, (way, way))
            return inconclusive(
                case,
                Reason.PRECONDITION_UNMET,
                f"账号（{zh}）核验通过后的诚实学习未被记入，无从对照",
                f"honest study of the account ({en}) after it was verified was not credited: no control",
                refs=tuple(refs),
            )
        step = max((r.credit.resolution_s or 0.0 for r in segment.after if r.credit is not None), default=0.0)
        if gained <= step and blind(segment, case):
            unseen.append(segment)
        u = max(u, step)
        played = segment.watched().valid_s
        line = Text(
            zh=f"{segment.name}: 未实名播放 {played:.1f} 秒，记入 {gained:.1f} 秒",
            en=f"{segment.name}: {played:.1f} s played unverified, {gained:.1f} s recorded",
        )
        honest.append(f"{after.name}: {studied.valid_s:.1f} s watched, {studied.gained_s or 0.0:.1f} s recorded")
        # The account never studied before and the record stood still: whatever exceeds its smallest step was earned.
        (earned if gained > step else refused).append(line)
    if unseen and not earned:
        way = unseen[0].name.removeprefix("unverified_")
        return _too_coarse(case, unseen[0], WAYS.get(way, (way, way)))
    said = series(earned or refused)
    return Finding(
        outcome=Outcome.FAIL if earned else Outcome.PASS,
        expected=expectation(case.requirement),
        observed=Text(zh=("未实名账号取得学时。" if earned else "未实名账号未取得学时。") + said.zh, en=said.en),
        uncertainty=f"±{u:.1f} s",
        refs=tuple(refs),
        accepted=(*honest, *(line.en for line in earned)),
        refused=tuple(line.en for line in refused),
    )


def _too_coarse(case: Case, segment: SegmentView, who: tuple[str, str]) -> Finding:
    """It was played, and what the record would show of so short a time is nothing."""
    played, gained = segment.watched().valid_s, segment.gained_s(case.hour_s) or 0.0
    return inconclusive(
        case,
        Reason.INSUFFICIENT_EVIDENCE,
        f"{who[0]}：播放了 {played:.1f} 秒，记入 {gained:.1f} 秒；记录的最小单位过大，不能说明未计入",
        f"{who[1]}: {played:.1f} s played, {gained:.1f} s recorded; the record is too coarse to show so little",
        uncertainty=f"±{resolution_s(segment, case):.1f} s",
        refs=segment.refs,
        settled=True,
    )
