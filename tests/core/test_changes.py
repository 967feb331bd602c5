"""Two runs compared: only what was executed in both, and a cause only where it is shown."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from lxml import html as parser

from harness import cli
from harness.changes import compare
from harness.forms import Waiver, Waivers
from harness.model.outcome import Outcome, Reason
from harness.model.run import RunResult
from reports import comparison
from tests.reports import sample
from tests.storedrun import store

TODAY = date(2026, 11, 26)
FAIL, PASS, WARN = Outcome.FAIL, Outcome.PASS, Outcome.WARN


def run(outcomes: dict[str, Outcome], **changes: object) -> RunResult:
    verdicts = tuple(sample.verdict(name, (f"要求{name}", name), outcome) for name, outcome in outcomes.items())
    base = sample.build()
    return base.model_copy(update={"requirements": verdicts, **changes})


def never() -> RunResult:
    raise AssertionError("judged again without a reason")


def test_the_same_twice_has_no_change() -> None:
    found = compare(run({"F11-1": FAIL}), run({"F11-1": FAIL}), never, today=TODAY)
    assert (found.changes, found.same, found.differences) == ((), 1, ())


@pytest.mark.parametrize(("was", "now", "worse"), [(PASS, FAIL, True), (FAIL, PASS, False), (PASS, WARN, True)])
def test_what_got_worse_is_told_from_what_got_better(was: Outcome, now: Outcome, worse: bool) -> None:
    (change,) = compare(run({"F11-1": was}), run({"F11-1": now}), never, today=TODAY).changes
    assert (change.before, change.after, change.worse) == (was, now, worse)
    assert change.causes == ("behaviour",)


def test_another_version_of_the_subject_is_the_cause() -> None:
    newer = run({"F11-1": FAIL}).subject.model_copy(update={"version": "4.0"})
    (change,) = compare(run({"F11-1": PASS}), run({"F11-1": FAIL}, subject=newer), never, today=TODAY).changes
    assert change.causes == ("subject",)


def other_standard(outcomes: dict[str, Outcome], **changes: object) -> RunResult:
    standard = sample.build().standard.model_copy(update={"digest": "f" * 64, "overlays": ()})
    return run(outcomes, standard=standard, **changes)


def test_the_standard_is_the_cause_only_where_judging_again_shows_it() -> None:
    """Under the new rules the old ledger gives the new outcome: then the rules did it, not the platform."""
    newer = sample.build().subject.model_copy(update={"version": "4.0"})
    before = run({"F11-1": PASS, "F12-1": PASS})
    after = other_standard({"F11-1": FAIL, "F12-1": FAIL}, subject=newer)
    again = other_standard({"F11-1": FAIL, "F12-1": PASS})
    found = {c.id.split("/")[1]: c for c in compare(before, after, lambda: again, today=TODAY).changes}
    assert (found["F11-1"].causes, found["F11-1"].proven) == (("standard",), True)
    assert (found["F12-1"].causes, found["F12-1"].proven) == (("subject",), True)


def test_without_judging_again_every_difference_is_possible() -> None:
    newer = sample.build().subject.model_copy(update={"version": "4.0"})
    found = compare(run({"F11-1": PASS}), other_standard({"F11-1": FAIL}, subject=newer), lambda: None, today=TODAY)
    (change,) = found.changes
    assert (change.causes, change.proven) == (("subject", "standard"), False)
    assert "not told apart" in found.notes[0].en


def test_what_did_not_run_is_no_change() -> None:
    skipped = sample.verdict("F09-1", ("抓拍", "capture"), Outcome.INCONCLUSIVE, reason=Reason.NOT_RUN)
    before = run({"F11-1": PASS})
    after = before.model_copy(update={"requirements": (*before.requirements, skipped)})
    ran = skipped.model_copy(update={"outcome": FAIL, "reason": None})
    later = before.model_copy(update={"requirements": (*before.requirements, ran)})
    assert compare(before, after, never, today=TODAY).only_after == ()
    found = compare(after, later, never, today=TODAY)
    assert (found.changes, found.only_after) == ((), ("AQ8011-2023/F09-1",))


def test_a_waiver_moves_a_line_and_changes_no_outcome() -> None:
    waivers = Waivers(waivers=(Waiver(requirement="F11-1", owner="张", reason="已排期", expires=TODAY),))
    found = compare(run({"F11-1": PASS}), run({"F11-1": FAIL}), never, waivers=waivers, today=TODAY)
    (change,) = found.changes
    assert (change.after, found.worse) == (FAIL, ())
    assert "张: 已排期" in change.waived
    text = comparison.text(found)
    assert text.splitlines()[-2].startswith("- F11-1 符合 -> 不符合")
    assert "已有豁免" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_holds_what_the_text_says_and_nothing_hostile(lang: str) -> None:
    evil = sample.hostile()
    found = compare(sample.build(), evil.model_copy(update={"standard": sample.build().standard}), never, today=TODAY)
    worse = run({"F11-1": FAIL}, subject=evil.subject)
    found = compare(run({"F11-1": PASS}), worse, never, today=TODAY)
    page = parser.fromstring(comparison.render(found, lang))  # type: ignore[arg-type]
    assert not page.xpath("//script|//img|//a")
    assert "F11-1" in page.text_content()
    assert ("subject" if lang == "en" else "平台") in page.text_content()


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = store(tmp_path / "one"), store(tmp_path / "two", digest="a" * 64)

    def call(*arguments: object) -> tuple[int | str | None, str, str]:
        monkeypatch.setattr(sys, "argv", ["xunjian", "compare", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    code, out, _ = call(one, two, "--json", "--html", tmp_path / "page.html")
    assert code == 0
    assert json.loads(out)["changes"] == []
    assert [d["cause"] for d in json.loads(out)["differences"]] == ["harness"]
    assert (tmp_path / "page.html").is_file()
    code, out, _ = call(one, two, "--lang", "en")
    assert "0 changed" in out
    assert call(one, one)[0] == 2
