"""The pages in a real browser: nothing that a platform wrote runs, loads or leads anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, sync_playwright

import reports
from tests.reports import sample

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = sample.hostile()
    folder = sample.store(tmp_path_factory.mktemp("runs") / "hostile", result)
    reports.write_all(folder, result)
    return folder


@pytest.mark.parametrize("name", ["report.html", "pytest.html"])
def test_nothing_of_a_hostile_platform_runs_or_loads(browser: Browser, hostile: Path, name: str) -> None:
    page = browser.new_page()
    dialogs: list[str] = []
    requests: list[str] = []
    errors: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((hostile / name).as_uri())
    page.wait_for_load_state("load")
    assert dialogs == []
    assert errors == []
    assert [url for url in requests if url != (hostile / name).as_uri() and not url.startswith("data:")] == []
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("body").inner_text().count("<script>alert('x')</script>") > 0
    page.close()


def test_the_report_is_read_without_script_and_fits_a_phone(browser: Browser, hostile: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((hostile / "report.html").as_uri())
    assert page.locator(".word").inner_text() == "不通过"
    rows = page.locator("article, tr[id^=r-]").count()
    assert rows == len(sample.hostile().requirements)
    context.close()


def test_the_report_has_no_sideways_scroll_on_paper_width(browser: Browser, hostile: Path) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 1100})
    page.goto((hostile / "report.html").as_uri())
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.close()
