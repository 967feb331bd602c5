"""The conductor over a certification that is played: what is run, taken apart, kept and written."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import RunLeft, UsageError
from harness.model.run import RunResult
from harness.probe import load_probes
from harness.selftest import conduct as c
from harness.selftest.catalogue import read_catalogue
from harness.selftest.job import Job, JobResult, Store
from harness.selftest.results import Summary
from harness.subject import Launched
from tests.stability.played import FAIL, PASS, result, verdict

CATALOGUE = """
- {id: f11-a, function: F11, violates: F11-1, implies: [F11-1t], statement: {zh: 甲, en: a}}
- {id: f12-b, function: F12, violates: F12-1, fronts: [spa], statement: {zh: 乙, en: b}}
- {id: f13-c, function: F13, violates: F13-1, statement: {zh: 丙, en: c}}
- {id: f13-d, function: F13, kind: decoy, statement: {zh: 丁, en: d}}
- {id: f99-e, function: F99, violates: F99-1, statement: {zh: 戊, en: e}}
"""
CAMERA_ENTRY = "- {id: f09-f, function: F09, violates: F09-1, camera: true, statement: {zh: 己, en: f}}\n"
OWN = {"f11-a": "F11-1", "f12-b": "F12-1", "f13-c": "F13-1"}


class Played:
    """Certifications that give what `fails` says for the defects that are on; remembers what was asked."""

    def __init__(self, fails: Callable[[Job], Iterable[str]]) -> None:
        self.fails = fails
        self.asked: list[Job] = []
        self.slots: set[int | None] = set()

    async def __call__(self, job: Job, runs: Path, *, slots: int | None = None, **_more: object) -> JobResult:
        self.asked.append(job)
        self.slots.add(slots)
        outcomes = {name: "PASS" for name in ("F11-1", "F12-1", "F13-1")} | {name: "FAIL" for name in self.fails(job)}
        return JobResult(
            key=job.key, front=job.front, kind=job.kind, defects=job.defects, outcomes=outcomes, bound_s=10
        )


@pytest.fixture
def order(tmp_path: Path) -> c.Order:
    entries = tmp_path / "subject" / "defects" / "entries"
    entries.mkdir(parents=True)
    (entries / "all.yaml").write_text(CATALOGUE, encoding="utf-8")
    for front in c.FRONTS:
        (tmp_path / f"reference-{front}.yaml").touch()
    return c.Order(subject=tmp_path / "subject", profiles=tmp_path, folder=tmp_path / "out", nulls=())


def play(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Job], Iterable[str]]) -> Played:
    played = Played(fails)
    monkeypatch.setattr(c, "run_job", played)
    return played


def honest(job: Job) -> list[str]:
    return [OWN[name] for name in job.defects if name in OWN]


def test_every_requirement_that_some_probe_judges_can_be_asked_for(order: c.Order) -> None:
    """Two probes are about F05; of the first nothing was ever run."""
    judged = {j.requirement for probe in load_probes() for j in probe.judgements}
    made = c.Conductor(order)
    assert made._judged == judged
    real = read_catalogue(Path(__file__).parents[2] / "fixtures" / "refplatform" / "defects" / "entries")
    assert [e.id for e in real if e.violates is not None and not made._can_be_judged(e)] == []


def test_defects_travel_together_and_each_front_has_its_own(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    played = play(monkeypatch, honest)
    summary = c.conduct(order)
    packs = sorted((j.front, j.defects) for j in played.asked if j.kind == "pack")
    assert packs == [("classic", ("f11-a", "f13-c")), ("spa", ("f11-a", "f12-b", "f13-c"))]
    assert {j.only for j in played.asked if j.front == "spa" and j.kind == "pack"} == {("F11-1", "F12-1", "F13-1")}
    assert {j.camera for j in played.asked} == {"off"}
    assert (summary.defects, summary.killed) == (7, 5)
    assert [line.split(":")[0] for line in summary.survived] == ["classic/f99-e", "spa/f99-e"]
    assert not summary.passed, "a requirement that nothing judges is not proven"
    assert not summary.false_alarms
    assert not summary.decoys_failed
    assert json.loads((order.folder / "summary.json").read_text())["killed"] == 5
    assert "f12-b" in (order.folder / "matrix.html").read_text()


def test_what_is_told_of_a_defect_voids_no_certification(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another requirement that FAILs with one: hours of certifications were made once more, in other packs."""
    only = replace(order, fronts=("spa",), patterns=("f1*",), full=True)
    play(monkeypatch, lambda job: [*honest(job), *(["F12-2"] if "f12-b" in job.defects else [])])
    assert c.conduct(only).false_alarms
    told = order.subject / "defects" / "entries" / "all.yaml"
    told.write_text(CATALOGUE.replace("violates: F12-1", "violates: F12-1, implies: [F12-2, X-01]"), encoding="utf-8")
    again = play(monkeypatch, honest)
    assert c.conduct(only).passed
    assert again.asked == []
    (order.subject / "rules.py").write_text("changed = True\n", encoding="utf-8")
    c.conduct(only)
    assert {job.kind for job in again.asked} == {"clean", "pack", "decoy"}


def test_who_is_told_from_what_a_face_check_covers_has_the_camera_off(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = order.subject / "defects" / "entries" / "all.yaml"
    told.write_text(CATALOGUE.replace("violates: F13-1", "violates: F13-1, plain: true"), encoding="utf-8")
    played = play(monkeypatch, honest)
    c.conduct(replace(order, fronts=("spa",), patterns=("f1*",), full=True))
    cameras = {job.defects: job.camera for job in played.asked if job.kind in ("pack", "alone")}
    assert cameras == {("f11-a", "f12-b"): "", ("f13-c",): "off"}


def test_only_decoys_wait_for_the_clean_platform(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    packs_done, over = asyncio.Event(), []

    class Waiting(Played):
        async def __call__(self, job: Job, runs: Path, **_more: object) -> JobResult:
            if job.kind == "clean":
                await packs_done.wait()
            result = await super().__call__(job, runs)
            over.append(job.kind)
            if job.kind == "pack":
                packs_done.set()
            return result

    monkeypatch.setattr(c, "run_job", Waiting(honest))
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f11-a", "f12-b", "f13-*")))
    assert over.index("pack") < over.index("clean")
    assert summary.passed


def test_a_surprising_pack_is_taken_apart(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def shy(job: Job) -> list[str]:
        """f13-c shows only when it is alone."""
        return [name for name in honest(job) if name != "F13-1" or len(job.defects) == 1]

    played = play(monkeypatch, shy)
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    assert [j.defects for j in played.asked if j.kind == "alone"] == [("f13-c",)]
    assert summary.killed == 3
    assert summary.passed


def test_a_fail_in_a_pack_counts_once_and_who_is_in_doubt_is_settled_as_certify_does(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play(monkeypatch, lambda job: [n for n in honest(job) if n != "F13-1" or not job.once])
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    told = [(j.kind, j.defects, j.once) for j in played.asked if j.kind != "clean"]
    assert ("pack", ("f11-a", "f12-b", "f13-c"), True) in told
    assert ("alone", ("f13-c",), False) in told
    assert ("decoy", ("f13-d",), False) in told, "nothing is spared where a FAIL is a false alarm"
    assert [j.once for j in played.asked if j.kind == "clean"] == [False]
    assert len({j.key for j in played.asked}) == len(played.asked)
    assert summary.passed


@pytest.mark.parametrize("full", [False, True])
def test_every_fail_twice(order: c.Order, monkeypatch: pytest.MonkeyPatch, full: bool) -> None:
    played = play(monkeypatch, honest)
    asked = replace(order, fronts=("spa",), patterns=("f1*",), repeat=True, full=full)
    c.conduct(asked)
    assert not any(j.once for j in played.asked)
    again = play(monkeypatch, honest)
    c.conduct(replace(asked, repeat=False))
    assert again.asked == [], "what was made with every FAIL twice need not be made again"


@pytest.mark.parametrize(
    ("more", "whole"),
    [
        ({"repeat": True}, True),
        ({"repeat": True, "full": True}, True),
        ({"full": True}, False),
        ({}, False),
        ({"repeat": True, "patterns": ("f1*",)}, False),
        ({"repeat": True, "fronts": ("spa",)}, False),
        ({"repeat": True, "nulls": ("blank",)}, False),
    ],
)
def test_what_a_certification_may_cite(more: dict[str, Any], whole: bool) -> None:
    assert c.Order(**more).whole is whole


def test_after_a_fail_that_nobody_explains_everybody_is_run_alone(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = play(monkeypatch, lambda job: [*honest(job), *(["F12-9"] if len(job.defects) > 1 else [])])
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    assert sorted(j.defects for j in played.asked if j.kind == "alone") == [("f11-a",), ("f12-b",), ("f13-c",)]
    assert summary.passed


def test_of_a_whole_run_only_what_it_left_open_is_asked_of_each_alone(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every probe each of fifteen took as long alone as all of them together."""

    def surprising(job: Job) -> list[str]:
        travels = "f11-a" in job.defects and len(job.defects) > 1
        return [*honest(job), *(["F12-2"] if travels or "f13-d" in job.defects else [])]

    played = play(monkeypatch, surprising)
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f1*",), full=True))
    alone = {j.defects: j.only for j in played.asked if j.kind == "alone"}
    assert alone == {("f11-a",): ("F11-1", "F12-2"), ("f12-b",): ("F12-1", "F12-2"), ("f13-c",): ("F12-2", "F13-1")}
    assert not any(j.once for j in played.asked if j.kind == "alone")
    assert summary.killed == 3
    assert not summary.false_alarms
    assert summary.decoys_failed == ("spa/f13-d: F12-2: nothing -> FAIL",)


def test_a_decoy_of_a_whole_run_is_asked_alone_what_it_changed(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    told = order.subject / "defects" / "entries" / "all.yaml"
    more = "- {id: f12-d, function: F12, kind: decoy, statement: {zh: 庚, en: g}}\n"
    told.write_text(CATALOGUE + more, encoding="utf-8")
    played = play(monkeypatch, lambda job: [*honest(job), *(["F12-1"] if "f12-d" in job.defects else [])])
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f13-d", "f12-d"), full=True))
    alone = {j.defects: j.only for j in played.asked if len(j.defects) == 1}
    assert alone == {("f12-d",): ("F12-1",), ("f13-d",): ("F12-1",)}
    assert summary.decoys_failed == ("spa/f12-d: F12-1: PASS -> FAIL",)


def test_a_whole_run_that_broke_is_made_once_more_before_it_is_taken_apart(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    class Breaking(Played):
        async def __call__(self, job: Job, runs: Path, **more: object) -> JobResult:
            result = await super().__call__(job, runs)
            asked.append(job.defects)
            first = asked.count(job.defects) == 1 and job.kind == "pack"
            return result.model_copy(update={"error": "not finished after 5400 s"}) if first else result

    monkeypatch.setattr(c, "run_job", Breaking(honest))
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f11-a", "f12-b", "f13-c"), full=True))
    assert asked == [("f11-a", "f12-b", "f13-c")] * 2
    assert summary.passed


def test_a_defect_is_shown_by_the_walks_that_its_entry_names(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    (order.subject / "defects" / "entries" / "more.yaml").write_text(
        "- {id: f11-g, function: F11, violates: F11-1, shown_by: [F11.seek_bar], statement: {zh: 庚, en: g}}\n",
        encoding="utf-8",
    )
    played = play(monkeypatch, lambda job: [*honest(job), *(["F11-1"] if "f11-g" in job.defects else [])])
    c.conduct(replace(order, fronts=("spa",), patterns=("f11-g", "f12-b")))
    assert [j.only for j in played.asked] == [("F11-1", "F11.seek_bar", "F12-1")]


def test_two_that_rewrite_one_rule_travel_apart(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrites = order.subject / "defects" / "rewrites.yaml"
    rewrites.write_text("f11-a: [earns]\nf12-b: [locks]\nf13-c: [earns, locks_later]\n", encoding="utf-8")
    played = play(monkeypatch, honest)
    c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    assert sorted(j.defects for j in played.asked if j.kind in ("pack", "alone")) == [("f11-a", "f12-b"), ("f13-c",)]
    rewrites.write_text("f11-a: earns\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"rewrites\.yaml:1"):
        c.Conductor(order)


def test_what_a_defect_declares_is_certified_alone_and_counts_for_itself(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = order.subject / "defects" / "entries" / "more.yaml"
    words = "alone: true, statement: {zh: 辛, en: h}"
    more.write_text(
        f"- {{id: f13-h, function: F13, violates: F13-1, declares: {{idle_limit: 15min}}, {words}}}\n", encoding="utf-8"
    )
    played = play(monkeypatch, lambda job: [*honest(job), *(["F13-1"] if "f13-h" in job.defects else [])])
    summary = c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    assert [(j.defects, dict(j.declares)) for j in played.asked if j.declares] == [
        (("f13-h",), {"idle_limit": "15min"})
    ]
    assert summary.passed
    (mine,) = (j for j in played.asked if j.declares)
    assert mine.key != replace(mine, declares={}).key
    assert mine.key != replace(mine, declares={"idle_limit": "16min"}).key
    more.write_text(
        f"- {{id: f13-h, function: F13, violates: F13-1, declares: {{idle_limit: 16min}}, {words}}}\n", encoding="utf-8"
    )
    again = play(monkeypatch, played.fails)
    c.conduct(replace(order, fronts=("spa",), patterns=("f1*",)))
    assert [j for j in again.asked if j.declares], "what was declared has changed"


@pytest.mark.parametrize(
    ("declares", "expected"),
    [
        ("declares: {idle_limit: 15min}", "needs `alone: true`"),
        ("declares: {idle_limits: 15min}, alone: true", "idle_limits"),
        ("declares: {idle_limit: soon}, alone: true", "idle_limit"),
    ],
)
def test_only_what_a_profile_can_say_is_declared(order: c.Order, declares: str, expected: str) -> None:
    (order.subject / "defects" / "entries" / "more.yaml").write_text(
        f"- {{id: f13-h, function: F13, violates: F13-1, {declares}, statement: {{zh: 辛, en: h}}}}\n", encoding="utf-8"
    )
    with pytest.raises(UsageError, match=rf"more\.yaml:1[\s\S]*{expected}"):
        c.Conductor(order)


def test_a_false_alarm_and_a_failed_decoy_are_named(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def noisy(job: Job) -> list[str]:
        return [*honest(job), *(["F12-1"] if "f13-d" in job.defects or "f11-a" in job.defects else [])]

    play(monkeypatch, noisy)
    summary = c.conduct(replace(order, fronts=("classic",), patterns=("f1*",)))
    assert summary.false_alarms == ("classic/f11-a: F12-1",)
    assert summary.decoys_failed == ("classic/f13-d: F12-1: PASS -> FAIL",)
    assert not summary.passed


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The null platforms that are started, none of them really: how they are told what to be."""
    started: list[str] = []

    @contextlib.contextmanager
    def launched(argv: Sequence[str], *, values: dict[str, str]) -> Iterator[Launched]:
        started.append(" ".join(argv[3:]).format(**values))
        yield Launched({"base_url": f"http://{values['front']}"}, Path("subject.json"), 0)

    monkeypatch.setattr(c, "launched", launched)
    return started


@pytest.fixture
def pressing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Played]:
    """Has every certification played from now on; Ctrl-C is pressed while the first of a start is under way."""
    press: list[Callable[[], None]] = []

    class Pressing(Played):
        async def __call__(self, job: Job, runs: Path, **more: Any) -> JobResult:
            press[-1]()
            return await super().__call__(job, runs, **more)

    def first_ctrl_c(act: Callable[[], None]) -> contextlib.AbstractContextManager[None]:
        press.append(act)
        return contextlib.nullcontext()

    def now() -> Played:
        monkeypatch.setattr(c, "first_ctrl_c", first_ctrl_c)
        played = Pressing(honest)
        monkeypatch.setattr(c, "run_job", played)
        return played

    return now


def test_after_ctrl_c_those_under_way_are_finished_and_the_next_start_makes_the_rest(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, pressing: Callable[[], Played]
) -> None:
    ended = pressing()
    order = replace(order, jobs=1, fronts=("spa",), patterns=("f1*",))
    with pytest.raises(RunLeft, match="The same command goes on"):
        c.conduct(order)
    assert len(ended.asked) == 1
    rest = play(monkeypatch, honest)
    assert c.conduct(order).passed
    assert ended.asked[0] not in rest.asked
    pressing()
    assert c.conduct(order).passed, "nothing is missing, so nothing is left"


@pytest.mark.usefixtures("as_the_command_line_has_them")
def test_ctrl_c_once_more_ends_those_under_way_and_waits_until_they_have(
    order: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    ended: list[str] = []

    async def endless(job: Job, runs: Path, **_more: object) -> JobResult:
        begun.append(job.key)
        if len(begun) == 2:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            for _ in range(50):  # its processes take a while to end
                await asyncio.sleep(0)
            ended.append(job.key)
        raise AssertionError("nobody ended it")

    monkeypatch.setattr(c, "run_job", endless)
    with pytest.raises(RunLeft):
        c.conduct(replace(order, jobs=3, fronts=("spa",)))
    assert len(begun) == 2
    assert sorted(ended) == sorted(begun)


def test_after_ctrl_c_no_null_platform_is_started(
    order: c.Order, started: list[str], pressing: Callable[[], Played]
) -> None:
    pressing()
    with pytest.raises(RunLeft):
        c.conduct(replace(order, patterns=("null-blank",), nulls=None))
    assert started == ["--kind blank --front spa --time-scale 30"]


def test_what_was_done_is_not_done_again(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, honest)
    first = c.conduct(order)
    again = play(monkeypatch, honest)
    second = c.conduct(order)
    assert again.asked == []
    assert second.model_dump(exclude={"seconds"}) == first.model_dump(exclude={"seconds"})


class Stumbling(Played):
    """Certifications that say nothing about F13-1 where f13-c or f13-d is alone, in so many tries, for a reason."""

    def __init__(self, tries: int, reason: str) -> None:
        super().__init__(lambda job: [n for n in honest(job) if n != "F13-1" or len(job.defects) == 1])
        self.tries, self.reason = tries, reason
        self.under_way = 0
        self.beside: dict[tuple[str, ...], list[int]] = {}

    async def __call__(self, job: Job, runs: Path, **_more: object) -> JobResult:
        self.under_way += 1
        for _ in range(5):  # so that others begin meanwhile
            await asyncio.sleep(0)
        result = await super().__call__(job, runs)
        seen = self.beside.setdefault(job.defects, [])
        seen.append(self.under_way)
        self.under_way -= 1
        if job.defects in (("f13-c",), ("f13-d",)) and len(seen) <= self.tries:
            told = {"F13-1": f"INCONCLUSIVE({self.reason})"}
            return result.model_copy(update={"outcomes": result.outcomes | told})
        return result


@pytest.fixture
def one_front(order: c.Order) -> c.Order:
    return replace(order, fronts=("spa",), patterns=("f1*",))


def stumble(order: c.Order, monkeypatch: pytest.MonkeyPatch, tries: int, reason: str) -> tuple[Stumbling, Summary]:
    played = Stumbling(tries, reason)
    monkeypatch.setattr(c, "run_job", played)
    return played, c.conduct(order)


def test_what_our_own_machine_spoiled_is_made_once_more_with_nothing_beside_it(
    one_front: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, summary = stumble(one_front, monkeypatch, 1, "HARNESS_ERROR")
    assert summary.passed
    assert summary.runs == len(played.asked) - 2, "what found nothing out is not among the results"
    for name in ("f13-c", "f13-d"):
        assert len(played.beside[name,]) == 2
        assert played.beside[name,][-1] == 1
    again = play(monkeypatch, honest)
    assert c.conduct(one_front).passed
    assert again.asked == [], "what came out then is kept"


def test_what_is_spoiled_again_is_not_caught_and_the_next_start_tries_it(
    one_front: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, summary = stumble(one_front, monkeypatch, 2, "HARNESS_ERROR")
    assert summary.survived == ("spa/f13-c: F13-1 INCONCLUSIVE(HARNESS_ERROR)",)
    assert summary.decoys_failed == ("spa/f13-d: F13-1: PASS -> INCONCLUSIVE(HARNESS_ERROR)",)
    assert c.conduct(one_front).passed
    assert {name: len(seen) for name, seen in played.beside.items() if len(seen) > 1} == {
        ("f13-c",): 3,
        ("f13-d",): 3,
    }


def test_what_the_platform_left_open_is_not_tried_until_it_suits(
    one_front: c.Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, summary = stumble(one_front, monkeypatch, 1, "INSUFFICIENT_EVIDENCE")
    assert summary.survived == ("spa/f13-c: F13-1 INCONCLUSIVE(INSUFFICIENT_EVIDENCE)",)
    assert {len(seen) for seen in played.beside.values()} == {1}


def observed(job: Job) -> JobResult:
    """A certification whose run is kept."""
    outcomes = {name: "PASS" for name in ("F11-1", "F12-1", "F13-1")} | {name: "FAIL" for name in honest(job)}
    return JobResult(
        **{"key": job.key, "observed": job.observed, "front": job.front, "kind": job.kind, "defects": job.defects},
        **{"outcomes": outcomes, "run": "run-" + "+".join(job.defects or (job.kind,))},
    )


class Observed(Played):
    """Certifications whose runs are kept."""

    async def __call__(self, job: Job, runs: Path, **_more: object) -> JobResult:
        self.asked.append(job)
        return observed(job)


@pytest.mark.parametrize("lost", ["", "run-f11-a+f12-b+f13-c"])
def test_what_was_observed_with_this_code_is_judged_anew(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """`lost` would have gone another way."""
    monkeypatch.setattr(c, "run_job", Observed(honest))
    order = replace(order, fronts=("spa",), patterns=("f11-a", "f12-b", "f13-*"), repeat=True)
    first = c.conduct(order)
    keys = {r.run: r.key for r in Store(order.folder).all}
    read: list[str] = []

    def anew(run: Path) -> RunResult | None:
        read.append(run.name)
        assert run == order.folder / "runs" / keys[run.name] / run.name, "it lies where it was made"
        names = run.name.removeprefix("run-").split("+")
        fails = {OWN[name] for name in names if name in OWN}
        judged = [verdict(n, FAIL if n in fails else PASS) for n in ("F11-1", "F12-1", "F13-1")]
        return None if run.name == lost else result(judged, run.name)

    monkeypatch.setattr(c, "judged_anew", anew)
    for version in ("another", "one more"):  # the second finds what the first has moved
        monkeypatch.setattr(c, "harness_digest", lambda version=version: version)
        again = Observed(honest)
        monkeypatch.setattr(c, "run_job", again)
        read.clear()
        second = c.conduct(order)
        assert {"run-" + "+".join(j.defects) for j in again.asked} == ({lost} if lost else set())
        assert sorted(read) == sorted(r.run for r in Store(order.folder).all[: len(read)])
        assert second.passed
        assert (second.killed, second.harness) == (first.killed, version)
        keys |= {r.run: r.key for r in Store(order.folder).all if not r.under}


def test_what_was_observed_with_other_code_is_made_again(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c, "run_job", Observed(honest))
    c.conduct(order)
    again = Observed(honest)
    monkeypatch.setattr(c, "run_job", again)
    monkeypatch.setattr(c, "harness_digest", lambda: "another")
    monkeypatch.setattr(c, "observing_digest", lambda: "another")
    c.conduct(order)
    assert again.asked


def test_another_subject_is_another_self_test(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, honest)
    c.conduct(order)
    (order.subject / "rules.py").write_text("mended = True\n")
    again = play(monkeypatch, honest)
    c.conduct(order)
    assert again.asked


def test_another_description_is_another_self_test(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, honest)
    c.conduct(order)
    with (order.profiles / f"reference-{order.fronts[0]}.yaml").open("a") as file:
        file.write("# another\n")
    again = play(monkeypatch, honest)
    c.conduct(order)
    assert {job.front for job in again.asked} == {order.fronts[0]}


def test_a_line_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    job = Job(front="spa", kind="clean", profile=tmp_path, scale=30)
    store.put(JobResult(key=job.key, front="spa", kind="clean"))
    store.put(JobResult(key="other", front="spa", kind="clean"))
    text = store.file.read_text()
    store.file.write_text(text[:-20])
    again = Store(tmp_path)
    assert again.get(job) is not None
    again.put(JobResult(key="next", front="spa", kind="clean"))
    assert [r.key for r in Store(tmp_path).all] == [job.key, "next"], "not glued to what was cut off"
    store.file.write_text("nonsense\n" + text)
    with pytest.raises(UsageError, match="not a file of results"):
        Store(tmp_path)


def test_a_broken_run_is_kept_and_tried_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    job = Job(front="spa", kind="clean", profile=tmp_path, scale=30)
    store.put(JobResult(key=job.key, front="spa", kind="clean", error="killed"))
    assert Store(tmp_path).get(job) is None


@pytest.mark.parametrize(
    ("patterns", "nulls", "kinds", "defects"),
    [
        ((), None, c.NULLS, True),
        (("null-*",), None, c.NULLS, False),
        (("null-hang", "null-e*"), None, ("errors", "hang"), False),
        (("f11-*",), None, (), True),
        (("*",), None, (), True),
        (("f11-*", "null-blank"), None, ("blank",), True),
        (("f11-*",), ("crash",), ("crash",), True),
    ],
)
def test_null_platforms_are_named_like_defects(
    patterns: tuple[str, ...], nulls: tuple[str, ...] | None, kinds: tuple[str, ...], defects: bool, order: c.Order
) -> None:
    conductor = c.Conductor(replace(order, patterns=patterns, nulls=nulls))
    assert conductor.order.null_kinds == kinds
    assert any(conductor.of_front.values()) is defects


def test_null_platforms_meet_the_profile_of_each_front(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    played = play(monkeypatch, lambda job: ["F12-1", "F13-1"])
    summary = c.conduct(replace(order, patterns=("null-blank",), nulls=None))
    assert [(j.front, j.kind, j.base_url) for j in played.asked] == [
        ("spa", "null:blank", "http://spa"),
        ("classic", "null:blank", "http://classic"),
    ]
    assert played.slots == {c.NULL_WINDOWS}
    assert started == [f"--kind blank --front {front} --time-scale 30" for front in c.FRONTS]
    assert summary.null_passes == ("spa/blank: F11-1 PASS", "classic/blank: F11-1 PASS")
    assert not summary.passed


def test_mistakes_are_named_before_anything_starts(order: c.Order, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no such defect[\s\S]*f77"):
        c.Conductor(replace(order, patterns=("f77-*",)))
    with pytest.raises(UsageError, match=r"no such null platform[\s\S]*null-x"):
        c.Conductor(replace(order, patterns=("null-x",), nulls=None))
    with pytest.raises(UsageError, match=r"no such null platform[\s\S]*nothing"):
        c.Conductor(replace(order, nulls=("nothing",)))
    with pytest.raises(UsageError, match="profile not found"):
        c.Conductor(replace(order, profiles=tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="no catalogue of defects"):
        read_catalogue(tmp_path / "out")
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "x.yaml").write_text("- id: f11-a\n  function: F11\n  colour: red\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.yaml:"):
        read_catalogue(wrong)


def test_the_camera_is_on_for_those_who_need_it(order: c.Order, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = order.subject / "defects" / "entries" / "more.yaml"
    entries.write_text(CAMERA_ENTRY, encoding="utf-8")
    played = play(monkeypatch, lambda job: [*honest(job), *(["F09-1"] if "f09-f" in job.defects else [])])
    summary = c.conduct(replace(order, fronts=("spa",)))
    asked = sorted((j.kind, j.camera, j.defects) for j in played.asked if j.kind != "decoy")
    assert asked == [
        ("alone", "on", ("f09-f",)),
        ("clean", "off", ()),
        ("clean", "on", ()),
        ("pack", "off", ("f11-a", "f12-b", "f13-c")),
    ]
    assert summary.killed == 4


@pytest.mark.parametrize(("told", "given"), [(None, 10), (3, 3)], ids=["by itself", "told"])
def test_runs_side_by_side_have_more_windows_unless_told_otherwise(
    order: c.Order, monkeypatch: pytest.MonkeyPatch, told: int | None, given: int
) -> None:
    monkeypatch.setattr("harness.capacity.slots_here", lambda: 8)
    played = play(monkeypatch, honest)
    (order.subject / "defects" / "entries" / "more.yaml").write_text(CAMERA_ENTRY, encoding="utf-8")
    c.conduct(replace(order, fronts=("spa",), slots=told))
    assert played.slots == {given}
