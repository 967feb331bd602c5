"""What a digest tells: a change of the judges leaves what observes as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.digest import observing_digest
from harness.reach import ROOT, reached

FILES = {
    "harness/walk.py": "",
    "harness/selftest/conduct.py": "",
    "harness/selftest/job.py": "",
    "harness/stability/tally.py": "",
    "harness/anew.py": "",
    "probes/__init__.py": "",
    "probes/shared.py": "",
    "probes/limits.py": "",
    "probes/f01/__init__.py": "import harness.walk",
    "probes/f01/observe.py": "from probes import shared\n",
    "probes/f01/judge.py": "from probes.f01.judge_more import told\nfrom probes import shared\nimport httpx\n",
    "probes/f01/judge_more.py": "def told() -> None:\n    from probes import limits\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "observes"),
    [
        ("harness/walk.py", True),
        ("harness/selftest/conduct.py", False),
        ("harness/selftest/job.py", True),  # how a certification is started
        ("harness/stability/tally.py", False),
        ("harness/anew.py", False),
        ("probes/shared.py", True),
        ("probes/limits.py", False),
        ("probes/f01/__init__.py", True),
        ("probes/f01/observe.py", True),
        ("probes/f01/judge.py", False),
        ("probes/f01/judge_more.py", False),
    ],
)
def test_only_what_observes_counts(tree: Path, name: str, observes: bool) -> None:
    observing_digest.cache_clear()
    before = observing_digest(tree)
    with (tree / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    observing_digest.cache_clear()
    assert (observing_digest(tree) != before) is observes


def test_a_file_that_an_observer_begins_to_use_counts(tree: Path) -> None:
    observing_digest.cache_clear()
    with (tree / "probes/f01/observe.py").open("a", encoding="utf-8") as file:
        file.write("from probes import limits\n")
    before = observing_digest(tree)
    (tree / "probes/limits.py").write_text("MOST = 2\n", encoding="utf-8")
    observing_digest.cache_clear()
    assert observing_digest(tree) != before


def test_what_is_reached(tree: Path) -> None:
    assert reached("probes.f01.judge", root=tree) == {
        *("probes", "probes.f01", "probes.f01.judge", "probes.f01.judge_more", "probes.limits", "probes.shared"),
        *("harness.walk", "httpx"),
    }
    assert "harness.walk" not in reached("probes.f01.judge", ("probes",), tree)


def test_our_own_judges_are_left_out_and_their_observers_are_not() -> None:
    """The same as tests/test_imports.py tells of the tree."""
    assert "probes.f09_portrait_capture.judge_no_picture" in reached("probes.f09_portrait_capture.judge", ("probes",))
    assert "probes.f09_portrait_capture.judge_no_picture" not in reached(
        "probes.f09_portrait_capture.observe", ("probes",)
    )
    assert observing_digest() == observing_digest(ROOT)
