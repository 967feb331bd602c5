"""The command line: every mistake is one message and exit code 2, before anything is started, sent or written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import cli

ROOT = Path(__file__).resolve().parents[2]
ACME = ROOT / "tests" / "platform" / "acme.yaml"
COMMANDS = ("certify", "plan", "rejudge", "verify", "demo", "doctor")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def xunjian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Runs a command in a folder of its own, as the console script does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACME_LEARNER", "learner-secret")
    monkeypatch.setenv("ACME_READER", "reader-secret")

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["xunjian", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, said.out, said.err)

    return run


@dataclass(frozen=True)
class Subject:
    """A profile whose subject leaves a mark when it is started."""

    profile: Path
    mark: Path

    def line(self, text: str) -> int:
        """Where a text stands in the profile."""
        lines = self.profile.read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def change(self, old: str, new: str) -> None:
        """Replace what stands once in the profile."""
        text = self.profile.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.profile.write_text(text.replace(old, new), encoding="utf-8")


STARTER = """
import json, pathlib, sys, time
pathlib.Path(sys.argv[1]).touch()
print(json.dumps({"base_url": "http://127.0.0.1:9"}), flush=True)
time.sleep(600)
"""


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    """The sample profile, started by a command that first writes a marker file."""
    mark = tmp_path / "started"
    # harness/subject.py fills {placeholders} in: literal braces are written twice.
    launch = json.dumps(["python", "-c", STARTER.replace("{", "{{").replace("}", "}}"), str(mark)])
    text = ACME.read_text(encoding="utf-8").replace("v: 1\n", f"v: 1\nlaunch: {launch}\n", 1)
    profile = tmp_path / "acme.yaml"
    profile.write_text(text, encoding="utf-8")
    return Subject(profile, mark)


def refused(ended: Ended, folder: Path, mark: Path | None = None) -> str:
    """The one message of a command that refused, having done nothing."""
    assert ended.code == 2, ended
    assert ended.out == ""
    assert ended.err.startswith("xunjian: "), ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert ended.err.endswith("\n")
    assert "Traceback" not in ended.err
    assert not (folder / "runs").exists(), "a run was written"
    assert mark is None or not mark.exists(), "the subject was started"
    return ended.err.removeprefix("xunjian: ").strip()


def test_the_marker_is_written_when_the_subject_is_started(xunjian: Callable[..., Ended], subject: Subject) -> None:
    ended = xunjian("plan", subject.profile, "--only", "F11", "--json")
    assert ended.code == 0, ended.err
    assert subject.mark.exists()
    plan = json.loads(ended.out)
    assert {w["walk"].split(".")[0] for w in (*plan["walks"], *plan["skipped"])} == {"F11"}


@pytest.mark.parametrize(("most", "given"), [(1, 1), (2, 2), (1000, 2)])
def test_a_run_uses_no_more_accounts_than_it_may(
    xunjian: Callable[..., Ended], subject: Subject, most: int, given: int
) -> None:
    subject.change(
        "      - {username: zhang, ",
        "      - {username: li, password: env:ACME_LEARNER, name: 李四}\n      - {username: zhang, ",
    )

    def known(*more: str) -> int:
        ended = xunjian("plan", subject.profile, "--only", "F11", "--json", *more)
        assert ended.code == 0, ended.err
        return int(json.loads(ended.out)["given"]["accounts"])

    assert known() == 2
    assert known("--accounts", str(most)) == given


MISTAKES = [
    ("a typo", 'version: "3.2"', 'versoin: "3.2"', "versoin", "got versoin", "Did you mean version?"),
    ("an unknown action", "  seek_by_bar:", "  seek_by_baar:", "seek_by_baar", "got seek_by_baar", "mean seek_by_bar?"),
    ("an unknown step", "- goto: /login", "- goto_: /login", "goto_", "unknown step 'goto_'", "did you mean 'goto'?"),
    ("a wrong value", "idle_limit: 15min", "idle_limit: 15", "idle_limit", "got 15", "a duration needs a unit"),
    ("a password in clear", "env:ACME_READER", "hunter2", "hunter2", "by reference", "expected"),
    ("a missing secret", "env:ACME_READER", "env:NOBODY_SET", "NOBODY", "got env:NOBODY_SET", "environment variable"),
    ("a missing secret file", "env:ACME_READER", "file:no.txt", "no.txt", "got file:no.txt", "a readable file"),
    ("expired", "valid_until: 2030-01-01", "valid_until: 2020-01-01", "valid_until", "got valid until 2020-01-01",
     "expected a date not before today"),
    ("another key", "authorization:\n", "x-authorization:\n", "v: 1", "no authorization; got none",
     "expected authorization:"),
]  # fmt: skip


@pytest.mark.parametrize("command", ["certify", "plan"])
@pytest.mark.parametrize(
    ("old", "new", "line", "got", "more"), [m[1:] for m in MISTAKES], ids=[m[0].replace(" ", "-") for m in MISTAKES]
)
def test_a_mistake_in_the_profile_is_one_message_before_anything_is_started(
    xunjian: Callable[..., Ended],
    subject: Subject,
    tmp_path: Path,
    command: str,
    old: str,
    new: str,
    line: str,
    got: str,
    more: str,
) -> None:
    subject.change(old, new)
    message = refused(xunjian(command, subject.profile), tmp_path, subject.mark)
    place = subject.line(line)
    assert message.startswith(f"{subject.profile}:{place}: "), message
    assert got in message
    assert more in message
    assert "hunter2" not in message


def test_the_doctor_too_starts_nothing_without_a_secret(
    xunjian: Callable[..., Ended], subject: Subject, tmp_path: Path
) -> None:
    subject.change("env:ACME_READER", "env:NOBODY_SET")
    message = refused(xunjian("doctor", subject.profile), tmp_path, subject.mark)
    assert message.startswith(f"{subject.profile}:{subject.line('NOBODY')}: credential does not resolve")


@pytest.mark.parametrize("days", [-1, 0])
def test_the_last_day_of_an_authorization_counts(
    xunjian: Callable[..., Ended], subject: Subject, tmp_path: Path, days: int
) -> None:
    from datetime import UTC, datetime, timedelta

    until = datetime.now(UTC).date() + timedelta(days=days)
    subject.change("valid_until: 2030-01-01", f"valid_until: {until}")
    ended = xunjian("plan", subject.profile, "--json")
    if days < 0:
        assert "has expired" in refused(ended, tmp_path, subject.mark)
    else:
        assert ended.code == 0, ended.err


def test_without_authorization_ordinary_use_may_be_planned(xunjian: Callable[..., Ended], subject: Subject) -> None:
    subject.change("valid_until: 2030-01-01", "valid_until: 2020-01-01")
    ended = xunjian("plan", subject.profile, "--observe", "--json")
    assert ended.code == 0, ended.err
    assert any(s["reason"]["en"] == "attacks need an authorization" for s in json.loads(ended.out)["skipped"])


def test_an_address_that_is_not_authorized(xunjian: Callable[..., Ended], subject: Subject, tmp_path: Path) -> None:
    message = refused(xunjian("certify", subject.profile, "--base-url", "http://192.0.2.7"), tmp_path, subject.mark)
    assert message.startswith(f"{subject.profile}:{subject.line('hosts:')}: ")
    assert "got 192.0.2.7; expected 127.0.0.1" in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "F11,F99"), ("--only: ", "no such function", "got F99", "; expected ")),
        (("--standard", "jiangxi-2042"), ("no such overlay", "got jiangxi-2042", "expected aq8011-2023 or jiangxi")),
        (("--standard", "mine.yaml"), ("mine.yaml",)),
        (("--time-scale", "0.5"), ("--time-scale: ", "got 0.5", "expected 1 or more")),
    ],
)
@pytest.mark.parametrize("command", ["certify", "plan"])
def test_a_wrong_option(
    xunjian: Callable[..., Ended],
    subject: Subject,
    tmp_path: Path,
    command: str,
    arguments: tuple[str, str],
    words: tuple[str, ...],
) -> None:
    message = refused(xunjian(command, subject.profile, *arguments), tmp_path, subject.mark)
    for word in words:
        assert word in message


def test_a_profile_that_is_not_there(xunjian: Callable[..., Ended], tmp_path: Path) -> None:
    message = refused(xunjian("certify", "none.yaml"), tmp_path)
    assert message == "none.yaml: cannot be read; got No such file or directory; expected a profile"


@pytest.mark.parametrize("command", ["verify", "rejudge"])
@pytest.mark.parametrize(
    ("ledger", "words"),
    [
        (None, ("ledger.jsonl: no ledger in this folder", "Give a folder made by certify.")),
        ("", ("ledger.jsonl: ", "got no line", "expected run_started")),
        ("hello\n", ("ledger.jsonl:1", "not a ledger line")),
    ],
)
def test_a_folder_that_is_no_run(
    xunjian: Callable[..., Ended], tmp_path: Path, command: str, ledger: str | None, words: tuple[str, ...]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if ledger is not None:
        (folder / "ledger.jsonl").write_text(ledger)
    if command == "verify" and ledger:  # a damaged run is what verify is for: it says so and ends in 1
        ended = xunjian(command, folder)
        assert (ended.code, ended.err) == (1, "")
        assert "not a ledger line" in ended.out
    else:
        message = refused(xunjian(command, folder), tmp_path)
        for word in words:
            assert word in message


@pytest.mark.parametrize("state", ["none", "empty", "finished"])
def test_a_run_that_cannot_go_on(xunjian: Callable[..., Ended], subject: Subject, tmp_path: Path, state: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    words = {"none": "no ledger in this folder", "empty": "got no line", "finished": "this run is finished"}
    if state != "none":
        (folder / "ledger.jsonl").touch()
    if state == "finished":
        (folder / "run.json").touch()
    before = sorted(folder.iterdir())
    message = refused(xunjian("certify", subject.profile, "--resume", folder), tmp_path, subject.mark)
    assert words[state] in message
    assert sorted(folder.iterdir()) == before


def test_out_does_not_replace_what_is_not_a_run(
    xunjian: Callable[..., Ended], subject: Subject, tmp_path: Path
) -> None:
    precious = tmp_path / "home" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years of work")
    message = refused(xunjian("certify", subject.profile, "--out", precious.parent), tmp_path, subject.mark)
    assert "holds something that is not a run" in message
    assert precious.read_text() == "years of work"


def test_as_a_process_of_its_own_the_message_is_the_same(subject: Subject, tmp_path: Path) -> None:
    subject.change("  seek_by_bar:", "  seek_by_baar:")
    ended = subprocess.run(
        [sys.executable, "-m", "harness.cli", "certify", str(subject.profile)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "ACME_LEARNER": "a", "ACME_READER": "b"},
        check=False,
    )
    message = refused(Ended(ended.returncode, ended.stdout, ended.stderr), tmp_path, subject.mark)
    assert message.endswith("Did you mean seek_by_bar?")


def test_help_lists_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, harness.cli\n"
        "sys.argv = ['xunjian', '--help']\n"
        "try:\n harness.cli.main()\n"
        "except SystemExit as end: print('code', end.code)\n"
        "print('loaded', *sorted(m for m in sys.modules if '.' not in m))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "code 0" in ended.stdout
    loaded = set(ended.stdout.partition("\nloaded ")[2].split())
    assert "harness" in loaded
    assert not loaded & {"playwright", "cv2", "numpy", "pydantic", "httpx", "psutil", "yaml", "lxml", "probes"}
    for command in COMMANDS:
        assert f"\n  {command} " in ended.stdout


def test_every_command_has_help(xunjian: Callable[..., Ended]) -> None:
    for command in COMMANDS:
        ended = xunjian(command, "--help")
        assert (ended.code, ended.err) == (0, "")
        assert "--help" in ended.out
