"""questions.yaml is YAML whatever a platform wrote into a verdict."""

from __future__ import annotations

import yaml

from harness import questions
from harness.model.outcome import Outcome
from tests.reports import sample


def test_hostile_words_stay_words() -> None:
    result = sample.hostile()
    form = yaml.safe_load(questions.render(result))
    asked = [v for v in result.requirements if v.outcome is Outcome.REVIEW]
    assert [e["id"] for e in form["requirements"]] == [v.id for v in asked]
    assert form["requirements"][0]["question"] == asked[0].observed.zh.replace("\x85", " ")
    assert len(form["institution"]) == 26


def test_a_run_that_asks_nothing_still_has_the_institutions_part() -> None:
    form = yaml.safe_load(questions.render(sample.clean()))
    assert form["requirements"] == []
    assert form["run"] == sample.clean().number
