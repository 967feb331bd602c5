"""A standard or overlay that is wrong is refused with file, line, got and expected; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import StandardError
from harness.model.outcome import Level
from harness.standards import load_standard

Write = Callable[[str, Any], Path]
Content = dict[str, Any]


def entry(content: Content, id: str) -> Content:
    found: Content = next(r for r in content["requirements"] if r["id"] == id)
    return found


def refusal(path: Path, *overlays: Path) -> StandardError:
    with pytest.raises(StandardError) as caught:
        load_standard(path, overlays)
    return caught.value


def line(error: StandardError) -> int:
    found = re.search(r"\.yaml:(\d+)$", error.where)
    assert found is not None, error.where
    return int(found[1])


def test_an_unknown_key_is_named_with_its_line(write: Write, content: Content) -> None:
    entry(content, "F11-1")["limts"] = {}
    path = write("s", content)
    error = refusal(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "limts" in lines[line(error) - 1]
    assert "limts" in str(error)
    assert "no such key" in str(error)


@pytest.mark.parametrize("key", ["unit", "kind", "better", "source", "value"])
def test_a_limit_must_say_everything(write: Write, content: Content, key: str) -> None:
    del entry(content, "F11-1")["limits"]["seek_tolerance"][key]
    path = write("s", content)
    error = refusal(path)
    assert f"seek_tolerance.{key}" in str(error)
    assert "got nothing" in str(error)
    assert "seek_tolerance" in path.read_text(encoding="utf-8").splitlines()[line(error) - 1]


@pytest.mark.parametrize("value", ["5", True, -1, float("inf"), None])
def test_a_limit_is_a_number(write: Write, content: Content, value: object) -> None:
    entry(content, "F11-1")["limits"]["seek_tolerance"]["value"] = value
    assert "seek_tolerance.value" in str(refusal(write("s", content)))


def test_only_durations_scale(write: Write, content: Content) -> None:
    entry(content, "F11-2")["limits"]["credit_ratio"]["scaled"] = True
    assert "not ratio" in str(refusal(write("s", content)))


def test_an_unknown_unit_is_refused(write: Write, content: Content) -> None:
    entry(content, "F11-1")["limits"]["seek_tolerance"]["unit"] = "fortnight"
    assert "'fortnight'" in str(refusal(write("s", content)))


def test_a_repeated_id_is_refused(write: Write, content: Content) -> None:
    content["requirements"].append(dict(entry(content, "F11-1")))
    error = refusal(write("s", content))
    assert "twice" in str(error)
    assert "F11-1" in str(error)


def test_a_repeated_key_is_refused(write: Write) -> None:
    error = refusal(write("s", "id: A\nversion: '1'\nid: B\n"))
    assert line(error) == 3
    assert "'id'" in str(error)


def test_an_unknown_function_is_refused(write: Write, content: Content) -> None:
    entry(content, "F11-1")["function"] = "F14"
    error = refusal(write("s", content))
    assert error.got == "F14"
    assert "F01 to F13" in str(error)


def test_the_functions_must_be_all_and_in_order(write: Write, content: Content) -> None:
    content["functions"].reverse()
    assert "in order" in str(refusal(write("s", content)))


def test_a_function_that_could_never_fail_is_refused(write: Write, content: Content) -> None:
    content["requirements"] = [r for r in content["requirements"] if r["function"] != "F03"]
    error = refusal(write("s", content))
    assert error.got == "F03"


def test_an_unknown_quote_or_document_is_refused(write: Write, content: Content) -> None:
    entry(content, "F11-1")["quotes"] = ["n9"]
    assert refusal(write("s", content)).got == "n9"
    entry(content, "F11-1")["quotes"] = ["n4.4"]
    content["quotes"]["n4.4"]["document"] = "book"
    assert refusal(write("s", content)).got == "book"


@pytest.mark.parametrize("part", ["title", "statement"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_sentences_are_refused(write: Write, content: Content, part: str, language: str) -> None:
    entry(content, "F11-1")[part][language] = " "
    assert "both zh and en" in str(refusal(write("s", content)))


def test_base_needs_a_quote_and_documentary_a_question(write: Write, content: Content) -> None:
    del entry(content, "F11-1")["quotes"]
    assert "whose rule" in str(refusal(write("s", content)))
    entry(content, "F11-1")["quotes"] = ["n4.4"]
    del entry(content, "IM-1")["question"]
    assert "question" in str(refusal(write("s", content)))


def test_the_national_file_has_no_overlay_level(write: Write, content: Content) -> None:
    entry(content, "F11-1")["level"] = "overlay"
    assert refusal(write("s", content)).got == "overlay"


def test_a_broken_or_missing_file(write: Write, tmp_path: Path) -> None:
    assert line(refusal(write("s", "id: A\n\tversion: 1\n"))) == 2
    assert "cannot be read" in str(refusal(tmp_path / "nowhere.yaml"))
    assert "aq8011-2023" in str(refusal(Path("aq8011")))


@pytest.mark.parametrize("text", ["", "[]", "just words", "id: A"])
def test_nothing_and_nonsense(write: Write, text: str) -> None:
    refusal(write("s", text))


# ---- overlays


def idle(value: float, **more: object) -> Content:
    limit = {
        "value": value,
        "unit": "minute",
        "kind": "cap",
        "source": "overlay",
        "better": "lower",
        "scaled": True,
        **more,
    }
    return {"F13-1v": {"idle_cap": limit}}


def test_an_overlay_tightens(write: Write, overlay: Content) -> None:
    standard = load_standard(overlays=[write("o", {**overlay, "tighten": idle(5)})])
    found = standard.limit("F13-1v", "idle_cap")
    assert (found.value, found.winner) == (300, "overlay:test-1")
    assert standard.limit("F13-1v", "idle_cap", declared=240).winner == "declared"


def test_the_strictest_of_two_overlays_in_either_order(write: Write, overlay: Content) -> None:
    a = write("a", {**overlay, "id": "a", "tighten": idle(5)})
    b = write("b", {**overlay, "id": "b", "tighten": idle(4)})
    for order in ([a, b], [b, a]):
        found = load_standard(overlays=order).limit("F13-1v", "idle_cap")
        assert (found.value, found.winner) == (240, "overlay:b")


def test_loosening_is_an_error_with_its_line(write: Write, overlay: Content) -> None:
    path = write("o", {**overlay, "tighten": idle(11)})
    error = refusal(Path("aq8011-2023"), path)
    assert "loosens" in str(error)
    assert "value: 11" in path.read_text(encoding="utf-8").splitlines()[line(error) - 1]
    assert (error.got, error.expected) == ("11 minute", "10 minute or less")


def test_loosening_upwards_is_an_error_too(write: Write, overlay: Content) -> None:
    hour = {"value": 29, "unit": "minute", "kind": "limit", "source": "overlay", "better": "higher", "scaled": True}
    path = write("o", {**overlay, "tighten": {"H01-1": {"online_hour": hour}}})
    assert refusal(Path("aq8011-2023"), path).expected == "30 minute or more"


@pytest.mark.parametrize("more", [{"better": "higher"}, {"unit": "count"}, {"kind": "limit"}, {"scaled": False}])
def test_an_overlay_cannot_change_what_a_limit_means(write: Write, overlay: Content, more: Content) -> None:
    limits = idle(5, **more)
    if more.get("unit") == "count":
        limits["F13-1v"]["idle_cap"]["scaled"] = False
    assert "another kind" in str(refusal(Path("aq8011-2023"), write("o", {**overlay, "tighten": limits})))


@pytest.mark.parametrize(
    "tighten", [{"F99-1": idle(5)["F13-1v"]}, {"F13-1v": {"idel_cap": idle(5)["F13-1v"]["idle_cap"]}}]
)
def test_an_overlay_cannot_tighten_what_is_not_there(write: Write, overlay: Content, tighten: Content) -> None:
    assert "no such" in str(refusal(Path("aq8011-2023"), write("o", {**overlay, "tighten": tighten})))


def test_an_overlay_raises(write: Write, overlay: Content) -> None:
    standard = load_standard(overlays=[write("o", {**overlay, "raise": [{"id": "F09-4", "quote": "q"}]})])
    raised = standard.get("F09-4")
    assert raised.level is Level.OVERLAY
    assert raised.mandatory
    assert raised.overlay == "test-1"
    assert raised.id == "AQ8011-2023/F09-4"
    assert raised.sources[-1].text == "应当"


@pytest.mark.parametrize("id", ["F11-1", "IM-1", "F10-5", "LG-1"])
def test_only_our_own_automatic_limits_can_be_raised(write: Write, overlay: Content, id: str) -> None:
    path = write("o", {**overlay, "raise": [{"id": id, "quote": "q"}]})
    assert "cannot be raised" in str(refusal(Path("aq8011-2023"), path))


@pytest.mark.parametrize("id", ["F11-1", "F05-2", "LG-1"])
def test_only_documentary_ones_can_be_required(write: Write, overlay: Content, id: str) -> None:
    path = write("o", {**overlay, "require": [{"id": id, "quote": "q"}]})
    assert "cannot be required" in str(refusal(Path("aq8011-2023"), path))


def test_an_overlay_of_another_standard_or_twice(write: Write, overlay: Content) -> None:
    other = write("o", {**overlay, "base": "GB1"})
    assert refusal(Path("aq8011-2023"), other).got == "GB1"
    same = write("p", overlay)
    assert "twice" in str(refusal(Path("aq8011-2023"), same, same))


def test_an_overlay_cannot_take_an_id_or_the_national_level(write: Write, overlay: Content, content: Content) -> None:
    mine = {**entry(content, "F11-1"), "quotes": ["q"], "level": "overlay", "limits": {}}
    assert "taken" in str(refusal(Path("aq8011-2023"), write("o", {**overlay, "add": [mine]})))
    mine |= {"id": "F11-9", "level": "base"}
    assert refusal(Path("aq8011-2023"), write("p", {**overlay, "add": [mine]})).got == "base"


def test_the_digest_follows_the_content_and_nothing_else(write: Write, content: Content) -> None:
    shipped = load_standard()
    assert load_standard(write("s", content)).digest == shipped.digest  # comments and layout don't count
    entry(content, "F11-1")["limits"]["seek_tolerance"]["value"] = 6
    assert load_standard(write("t", content)).digest != shipped.digest
