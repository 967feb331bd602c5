"""A profile is loaded whole, and each mistake in one gives a single message with file, line, got and expected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from harness.certify import certify
from harness.errors import AuthorizationError, ProfileError, SecretError, UsageError
from harness.plan import select
from harness.platform import schema
from harness.platform.authorization import require_authorization
from harness.platform.loading import load_profile, parse_profile
from harness.platform.profile import LoadedProfile
from harness.prepare import Order, require_assessor
from harness.probe import load_probes

ACME = Path(__file__).with_name("acme.yaml")
ENV = {"ACME_LEARNER": "learner-secret", "ACME_READER": "reader-secret"}
Changed = Callable[..., Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The sample profile with some text replaced, in a folder of its own."""

    def change(old: str, new: str) -> Path:
        text = ACME.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the sample"
        path = tmp_path / "acme.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return change


def line_of(path: Path, text: str) -> int:
    """Where a text stands in a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def load(path: Path = ACME) -> LoadedProfile:
    return load_profile(path, env=ENV)


def test_a_profile_is_loaded_with_its_references_resolved() -> None:
    profile = load()
    (learner,) = profile.accounts["learner"]
    assert (learner.id, learner.part("password"), learner.part("id_number")) == (
        "zhang",
        "learner-secret",
        "110101199003078515",
    )
    assert [(x.id, x.duration_s, x.course) for x in profile.lessons] == [("l1", 1800, "c1"), ("l2", 2700, "c1")]
    assert profile.lessons[1].part("slug") == "second"
    assert profile.base_url == "http://127.0.0.1:8000"
    assert profile.described == {
        "log_in", "open_lesson", "play", "seek_by_bar", "export_archive",
        "credited_time", "study_records", "lesson_state",
    }  # fmt: skip


def test_a_role_may_do_an_action_in_its_own_way() -> None:
    profile = load()
    assert len(profile.action("learner", "log_in").steps) == 6
    assert len(profile.action("reader", "log_in").steps) == 5


def test_what_a_reading_depends_on() -> None:
    """A filter that the profile never names filters nothing, whatever the platform could do with it."""
    profile = load()
    assert profile.uses("credited_time", "learner")
    assert profile.uses("credited_time", "lesson")
    assert not profile.uses("credited_time", "course")
    assert profile.uses("study_records", "learner")  # in its steps
    assert not profile.uses("statistics", "learner")


def test_facts_for_the_ledger_hold_no_secret_and_no_account() -> None:
    facts = load().facts()
    text = json.dumps(facts, ensure_ascii=False)
    assert all(word not in text for word in ("secret", "zhang", "auditor", "110101199003078515"))
    assert facts["policy"]["idle_limit_s"] == 900
    assert facts["policy"]["concurrent_login"] == "later_wins"
    assert facts["policy"]["daily_cap_s"] is None
    assert facts["lessons"][0] == {"id": "l1", "title": "第一课", "course": "c1", "duration_s": 1800.0}
    assert facts["has_reading"] == ["credited_time", "lesson_state", "study_records"]
    assert facts["absent"][0]["function"] == "F04"


def test_nothing_that_prints_an_account_prints_its_password() -> None:
    (learner,) = load().accounts["learner"]
    assert "learner-secret" not in repr(learner) + str(learner)


def test_the_digest_follows_the_file(changed: Changed) -> None:
    assert load().digest == load().digest
    assert load(changed("idle_limit: 15min", "idle_limit: 16min")).digest != load().digest


MISTAKES = [
    ("version: \"3.2\"", "versoin: \"3.2\"", "versoin", ("subject.versoin", "Did you mean version?")),
    ("  seek_by_bar:", "  seek_by_baar:", "seek_by_baar", ("unknown action", "Did you mean seek_by_bar?")),
    ("  study_records:", "  study_record:", "study_record:", ("unknown reading", "Did you mean study_records?")),
    ("  play:\n", "  lesson_position:\n", "  lesson_position:", ("unknown action", "belongs under readings")),
    ("- click: \"text=登 录\"", "- clik: \"text=登 录\"", "clik", ("unknown step 'clik'", "did you mean 'click'?")),
    ("idle_limit: 15min", "idle_limit: 15", "idle_limit", ("got 15", "a duration needs a unit")),
    ("idle_limit: 15min", "idle_limit: soon", "idle_limit", ("got 'soon'", "a duration")),
    ("password: env:ACME_READER", "password: hunter2", "hunter2", ("by reference, never in clear",)),
    ("to: \"{fraction}\"", "to: \"{fractoin}\"", "fractoin", ("{fractoin}", "Did you mean fraction?")),
    ("{lesson.id|url}", "{lesson.id|uri}", "uri", ("unknown filter", "got uri")),
    ("    as: reader", "    as: auditor", "as: auditor", ("no such role", "learner, reader")),
    ("    as: reader", "    as: learner", "as: learner", ("a learner cannot be the reader",)),
    ("      completed: done", "      complete: done", "complete:", ("unknown field", "Did you mean completed?")),
    ("unit: s}", "unit: fortnight}", "fortnight", ("unknown unit",)),
    ("v: 1", "v: 7", "v: 7", ("got 7",)),
    ("hosts: [127.0.0.1]", "hosts: []", "hosts", ("hosts",)),
    ("function: F04", "function: F14", "F14", ("F14",)),
    ("  title: 高处作业", "  title: 高处作业\n  title: 焊接", "焊接", ("stands twice",)),
    ("policy:\n", "policy: [\n", None, ("not valid YAML",)),
    ("{id: l2,", "{id: l1,", None, ("an id stands twice", "got l1")),
    ("  kind: platform", "", None, ("subject.kind is missing",)),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), MISTAKES)
def test_a_mistake_is_one_message_with_its_line(
    changed: Changed, old: str, new: str, line: str | None, words: tuple[str, ...]
) -> None:
    path = changed(old, new)
    with pytest.raises(ProfileError) as caught:
        load(path)
    message = str(caught.value)
    assert caught.value.exit_code == 2
    assert message.startswith(f"{path}:" if line is None else f"{path}:{line_of(path, line)}: "), message
    for word in words:
        assert word in message
    assert "\n" not in message


def test_a_secret_in_clear_is_not_repeated(changed: Changed) -> None:
    with pytest.raises(ProfileError) as caught:
        load(changed("password: env:ACME_READER", "password: hunter2"))
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"none\.yaml: cannot be read; got No such file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("reference", ["env:NOT_SET", "file:none.txt"])
def test_a_missing_secret_names_its_reference(changed: Changed, reference: str) -> None:
    path = changed("password: env:ACME_READER", f"password: {reference}")
    with pytest.raises(SecretError) as caught:
        load(path)
    assert str(caught.value).startswith(
        f"{path}:{line_of(path, reference)}: credential does not resolve; got {reference}"
    )
    assert caught.value.exit_code == 2


def test_a_secret_comes_from_a_file_next_to_the_profile(changed: Changed, tmp_path: Path) -> None:
    (tmp_path / "pw.txt").write_text("from a file\n")
    profile = load(changed("password: env:ACME_READER", "password: file:pw.txt"))
    assert profile.accounts["reader"][0].part("password") == "from a file"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("valid_until: 2030-01-01", "valid_until: 2026-11-23", "expired"),
        ("hosts: [127.0.0.1]", "hosts: [training.example]", "does not name the subject's host"),
    ],
)
def test_authorization_that_does_not_hold(changed: Changed, old: str, new: str, words: str) -> None:
    path = changed(old, new)
    with pytest.raises(AuthorizationError, match=words) as caught:
        require_authorization(load(path), date(2026, 11, 24))
    assert f"{path}:{line_of(path, new.split(':')[0])}" in str(caught.value)
    assert caught.value.exit_code == 2


def test_authorization_holds_on_its_last_day() -> None:
    require_authorization(load(), date(2030, 1, 1))
    with pytest.raises(AuthorizationError):
        require_authorization(load(), date(2030, 1, 2))


def test_without_authorization_only_the_own_host_is_allowed(changed: Changed) -> None:
    text = "\n".join(ACME.read_text(encoding="utf-8").splitlines()[9:14])
    profile = load(changed(text, ""))
    assert profile.model.authorization is None
    assert profile.hosts == {"127.0.0.1:8000"}
    with pytest.raises(AuthorizationError, match="no authorization"):
        require_authorization(profile, date(2026, 11, 24))


def test_consent_of_a_vendor_needs_the_document(changed: Changed) -> None:
    with pytest.raises(ProfileError, match="document_sha256"):
        load(changed("kind: own_system", "kind: vendor_consent"))


FROM_FILE = """
  learner:
    accounts_from: {source: "subject:/people", fields: {id: /username, uid: /id}}
"""


def from_subject(changed: Changed) -> Path:
    text = ACME.read_text(encoding="utf-8")
    start, end = text.index("\n  learner:"), text.index("  reader:\n    accounts")
    path = changed(text[start:end], FROM_FILE)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  lessons:\n    - "), text.index("absent:")
    text = text[:start] + "  lessons_from: subject:/lessons\n" + text[end:]
    text = text.replace("base_url: http://127.0.0.1:8000/", "base_url: subject:/base_url")
    text = text.replace("v: 1\n", "v: 1\nsubject_file: env:ACME_SUBJECT\nlaunch: [python, -m, acme]\n", 1)
    path.write_text(text, encoding="utf-8")
    return path


SUBJECT = {
    "base_url": "http://127.0.0.1:4711",
    "people": [{"username": "u1", "password": "p1", "id": "77"}, {"username": "u2", "password": "p2", "id": "78"}],
    "lessons": [{"id": "x", "title": "X", "duration_s": 780, "content": "c-x"}],
}


def test_accounts_lessons_and_address_come_from_the_subject_file(changed: Changed, tmp_path: Path) -> None:
    (tmp_path / "subject.json").write_text(json.dumps(SUBJECT))
    path = from_subject(changed)
    profile = load_profile(path, env=ENV | {"ACME_SUBJECT": str(tmp_path / "subject.json")})
    assert [(a.id, a.part("uid"), a.part("password")) for a in profile.accounts["learner"]] == [
        ("u1", "77", "p1"),
        ("u2", "78", "p2"),
    ]
    (lesson,) = profile.lessons
    assert (lesson.id, lesson.duration_s, lesson.course, lesson.part("content")) == ("x", 780, "c1", "c-x")
    assert profile.base_url == "http://127.0.0.1:4711"
    assert load_profile(path, env=ENV, subject=SUBJECT).lessons == profile.lessons
    assert load_profile(path, env=ENV, subject=SUBJECT, base_url="http://127.0.0.1:1").base_url == "http://127.0.0.1:1"


def test_launch_is_known_before_the_subject_runs(changed: Changed) -> None:
    path = from_subject(changed)
    assert parse_profile(path)[0].launch == ("python", "-m", "acme")
    with pytest.raises(ProfileError, match="ACME_SUBJECT is not set"):
        load(path)


def test_a_subject_file_without_what_is_asked_for(changed: Changed) -> None:
    path = from_subject(changed)
    with pytest.raises(ProfileError, match="got subject:/people") as caught:
        load_profile(path, env=ENV, subject={"base_url": "http://127.0.0.1:1"})
    assert f"{path}:{line_of(path, 'accounts_from')}" in str(caught.value)


ADAPTER = """
from harness.platform.adapter import Adapter

class Acme(Adapter):
    async def pause(self, session):
        await session.screen.click("#pause")
"""


def test_an_adapter_adds_to_what_is_described(changed: Changed, tmp_path: Path) -> None:
    (tmp_path / "acme_adapter.py").write_text(ADAPTER)
    path = changed("v: 1", "v: 1\nadapter: acme_adapter.py")
    profile = load(path)
    assert "pause" in profile.described
    assert profile.adapter is not None
    assert profile.adapter.action("pause") is not None
    assert profile.adapter.action("play") is None
    before = profile.digest
    (tmp_path / "acme_adapter.py").write_text(ADAPTER + "\n# changed\n")
    assert load(path).digest != before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = ", "does not import"),
        ("x = 1", "one class derived from Adapter"),
        (ADAPTER.replace("pause", "puase"), "puase"),
        (None, "adapter not found"),
    ],
)
def test_an_adapter_that_is_none(changed: Changed, tmp_path: Path, code: str | None, words: str) -> None:
    if code is not None:
        (tmp_path / "acme_adapter.py").write_text(code)
    with pytest.raises(UsageError, match=words):
        load(changed("v: 1", "v: 1\nadapter: acme_adapter.py"))


def test_stored_schema_has_not_drifted() -> None:
    stored = schema.SCHEMA_FILE.read_text(encoding="utf-8")
    assert stored == schema.render(), "run `python -m harness.platform.schema` and review the difference"


def test_the_lessons_of_the_test_course_are_marked(changed: Changed) -> None:
    profile = load_profile(changed("course:\n", 'test_course: {lessons: ["l2"]}\ncourse:\n'), env=ENV)
    assert [lesson.id for lesson in profile.lessons if lesson.test_course] == ["l2"]
    assert [item.get("test_course", False) for item in profile.facts()["lessons"]].count(True) == 1


def test_a_test_course_of_unknown_lessons_is_a_mistake(changed: Changed) -> None:
    path = changed("course:\n", 'test_course: {lessons: ["nowhere"]}\ncourse:\n')
    with pytest.raises(ProfileError) as caught:
        load_profile(path, env=ENV)
    assert f":{line_of(path, 'nowhere')}" in str(caught.value)
    assert "nowhere" in str(caught.value)


PERSONS = "persons: {folder: FOLDER}\npolicy:"


def test_the_test_persons_are_found_next_to_the_profile_and_named_by_the_accounts(changed: Changed) -> None:
    path = changed("policy:", PERSONS.replace("FOLDER", "people"))
    path.write_text(path.read_text("utf-8").replace("{id_number:", "{persona: p01, id_number:"), "utf-8")
    (path.parent / "people").mkdir()
    profile = load(path)
    (learner,) = profile.accounts["learner"]
    assert profile.people == path.parent / "people"
    assert profile.person_of(learner) == "p01"
    assert profile.person_of(profile.accounts["reader"][0]) is None


def test_a_folder_of_test_persons_that_is_not_there_is_named_with_its_line(changed: Changed) -> None:
    path = changed("policy:", PERSONS.replace("FOLDER", "nobody"))
    with pytest.raises(ProfileError, match=f"acme.yaml:{line_of(path, 'persons:')}.*no such folder.*nobody"):
        load(path)


def test_a_subject_without_a_camera_says_null(changed: Changed) -> None:
    path = changed("policy:", PERSONS.replace("FOLDER", "subject:/people"))
    profile = load_profile(path, env=ENV, subject={"people": None})
    assert profile.people is None
    assert profile.person_of(profile.accounts["learner"][0]) is None


HUMAN = "persons: {folder: people, presence: human, assessor: 王, consent: {p01: 表01}}\npolicy:"


def with_people(changed: Changed, persons: str, *names: str) -> Path:
    path = changed("policy:", persons)
    (path.parent / "people").mkdir()
    for name in names or ("p01",):
        (path.parent / "people" / f"{name}.jpg").write_bytes(b"not opened here")
    return path


def test_living_persons_stand_in_the_facts_with_their_consent_and_who_leads_them(changed: Changed) -> None:
    signed = HUMAN.replace("表01", "'file:form.pdf'")
    path = with_people(changed, signed)
    (path.parent / "form.pdf").write_bytes(b"signed")
    facts = load(path).facts()["presence"]
    assert (facts["kind"], facts["assessor"], facts["walks"]) == ("human", "王", "all")
    assert facts["consent"] == {"p01": "sha256:" + hashlib.sha256(b"signed").hexdigest()}
    assert "presence" not in load().facts()


@pytest.mark.parametrize(
    ("old", "new", "names", "says"),
    [
        (", consent: {p01: 表01}", "", ("p01",), "needs `consent`.*consent-form.md"),
        (", assessor: 王", "", ("p01",), "needs `assessor`"),
        ("folder: people, ", "", ("p01",), "needs `folder`"),
        ("p01: 表01", "p01: 'file:gone.pdf'", ("p01",), "consent cannot be read.*gone.pdf"),
        ("", "", ("p01", "p02"), "test persons without a consent; got p02"),
        ("p01: 表01", "p01: 表01, p09: 表09", ("p01",), "a consent of nobody in the folder; got p09"),
        ("presence: human", "presence: rendered", ("p01",), "assessor, consent stand only beside presence: human"),
        ("presence: human", "presence: hologram", ("p01",), "presence.*hologram"),
        ("presence: human", "presence: human, patience: 2s", ("p01",), "patience must be between"),
        ("presence: human", "presence: human, walks: some", ("p01",), "walks.*some"),
    ],
)
def test_a_mistake_about_living_persons_is_one_message_with_its_line(
    changed: Changed, old: str, new: str, names: tuple[str, ...], says: str
) -> None:
    path = with_people(changed, HUMAN.replace(old, new), *names)
    with pytest.raises(ProfileError, match=f"acme.yaml:{line_of(path, 'persons:')}.*{says}") as error:
        load(path)
    assert error.value.exit_code == 2


def test_a_telephone_is_no_camera_of_the_browser(changed: Changed) -> None:
    persons = load(with_people(changed, HUMAN.replace("assessor", "camera: phone, assessor"))).model.persons
    assert persons is not None
    assert persons.on_phone


@pytest.mark.parametrize(("only", "refused"), [((), True), (("F09",), True), (("F11",), False)])
def test_a_run_with_living_persons_and_nobody_at_a_terminal_is_refused_before_anything_is_touched(
    changed: Changed, monkeypatch: pytest.MonkeyPatch, only: tuple[str, ...], refused: bool
) -> None:
    path = with_people(changed, HUMAN.replace("assessor", "walks: faces, assessor"))
    profile, document = parse_profile(path)
    selection = select(load_probes(), only)
    if not refused:
        require_assessor(profile, document, selection)
        return
    with pytest.raises(UsageError, match=r"acme.yaml:\d+.*nobody is there to lead them.*no terminal") as error:
        require_assessor(profile, document, selection)
    assert error.value.exit_code == 2
    monkeypatch.setenv("ACME_LEARNER", "a")
    monkeypatch.setenv("ACME_READER", "b")
    with pytest.raises(UsageError, match="nobody is there"):
        certify(Order(path, only=only, runs=path.parent / "runs", observe_only=True, slots=2))
    assert not (path.parent / "runs").exists()
