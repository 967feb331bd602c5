"""A profile whose vendor declares something else: the same in all but its policy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.platform.loading import load_profile, parse_profile
from harness.platform.yaml_lines import read_yaml
from harness.selftest import job as j
from harness.selftest.conduct import FRONTS, profile_of
from harness.selftest.stating import stated

PROFILES = Path(__file__).resolve().parents[2] / "fixtures" / "profiles"


@pytest.mark.parametrize("front", FRONTS)
def test_nothing_but_the_policy_changes(front: str, tmp_path: Path) -> None:
    mine = profile_of(PROFILES, front)
    made = stated(mine, {"idle_limit": "15min", "daily_cap": None}, tmp_path / "made")
    assert made.name == mine.name
    said, says = read_yaml(mine).data, read_yaml(made).data
    assert says == said | {"policy": said["policy"] | {"idle_limit": "15min", "daily_cap": None}}
    policy, was = (parse_profile(path)[0].policy.facts() for path in (made, mine))
    assert {name: policy[name] for name in policy if policy[name] != was[name]} == {
        "idle_limit_s": 900.0,
        "daily_cap_s": None,
    }


def test_nothing_declared_is_the_profile_itself(tmp_path: Path) -> None:
    mine = profile_of(PROFILES, "spa")
    assert stated(mine, {}, tmp_path / "made") == mine
    assert not (tmp_path / "made").exists()


def minimal(folder: Path, accounts: str = "file:people/accounts.json#/all") -> Path:
    (folder / "people").mkdir(parents=True, exist_ok=True)
    (folder / "people" / "accounts.json").write_text('{"all": [{"username": "a", "password": "b"}]}')
    path = folder / "acme.yaml"
    path.write_text(
        "subject: {name: a, vendor: b, version: '1', base_url: 'http://127.0.0.1:1', kind: platform}\n"
        "assessment: self_check\nidentity_source: generated\n"
        "channels: {pc: tested, mobile: not_offered, app: not_offered, mini_program: not_offered}\n"
        "credit_sources: {video: tested, live: not_offered, replay: not_offered, document: not_offered,"
        " quiz: not_offered}\n"
        f"roles: {{learner: {{accounts_from: {accounts}}}}}\n"
        "course: {lessons: [{id: '1'}]}\nactions: {}\nreadings: {}\n",
        encoding="utf-8",
    )
    return path


def test_files_beside_a_profile_are_found(tmp_path: Path) -> None:
    mine = minimal(tmp_path / "vendor")
    for _ in range(2):  # a run that was killed begins again in the same folder
        made = stated(mine, {"idle_limit": "15min"}, tmp_path / "made" / "key")
    assert [a.username for a in load_profile(made).accounts["learner"]] == ["a"]


def test_files_above_its_folder_are_refused(tmp_path: Path) -> None:
    mine = minimal(tmp_path / "vendor", "file:../people/accounts.json#/all")
    with pytest.raises(UsageError, match=r"\.\./people/accounts\.json"):
        stated(mine, {"idle_limit": "15min"}, tmp_path / "made")


def test_a_certification_is_given_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "stub"
    stub.write_text('#!/bin/sh\necho "$*" >&2\n', encoding="utf-8")
    stub.chmod(0o700)
    monkeypatch.setattr(j.sys, "executable", str(stub))
    job = j.Job("spa", "alone", profile_of(PROFILES, "spa"), 30.0, declares={"idle_limit": "15min"})
    result = asyncio.run(j.run_job(job, tmp_path / "runs", timeout_s=30))
    given = Path(result.error.split(" certify ")[1].split()[0])
    assert given == tmp_path / "profiles" / job.key / "reference-spa.yaml"
    assert parse_profile(given)[0].policy.facts()["idle_limit_s"] == 900.0
