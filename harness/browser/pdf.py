"""A report as PDF: paged by its own print style, tagged, with bookmarks, fonts embedded."""

from __future__ import annotations

import asyncio
from pathlib import Path

from playwright.async_api import Error, Page, Request, Route, async_playwright

from harness.browser.find import find_browser
from harness.errors import HarnessError, LedgerError, UsageError

PRINT_TIMEOUT_S = 300.0
"""10,000 requirements must print within 60 s on two cores; beyond five times that the browser is stuck."""
UNLINK = "links => links.filter(a => a.getAttribute('href')[0] !== '#').forEach(a => a.removeAttribute('href'))"


async def html_to_pdf(html_path: Path, pdf_path: Path) -> None:
    """Print a local page into a new PDF file.

    Only the page itself is loaded: no script runs, nothing is fetched. Links to other files lose their target,
    because a PDF would keep them as paths of this machine; the names stay as text. Raises LedgerError if the PDF
    exists or the page doesn't, UsageError without a browser, HarnessError if printing fails.
    """
    source, executable = _checked(html_path, pdf_path)
    try:
        async with asyncio.timeout(PRINT_TIMEOUT_S):
            data = await _print(source, executable)
    except (Error, TimeoutError) as error:
        raise HarnessError("the report could not be printed", where=str(html_path), got=str(error)[:300]) from error
    _store(pdf_path, data)


def _checked(html_path: Path, pdf_path: Path) -> tuple[Path, Path]:
    """The page as an absolute path, and the browser that prints it."""
    if pdf_path.exists():
        raise LedgerError("there is a PDF already; nothing in a run is ever overwritten", where=str(pdf_path))
    if not html_path.is_file():
        raise LedgerError("no page to print", where=str(html_path))
    browser = find_browser()
    if browser is None:
        raise UsageError("no browser to print with", expected="Chromium", hint="Run `make setup`")
    return html_path.resolve(), browser


def _store(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)


async def _print(page_file: Path, executable: Path) -> bytes:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            context = await browser.new_context(java_script_enabled=False, offline=True)
            page = await context.new_page()
            await _only(page, page_file.as_uri())
            await page.goto(page_file.as_uri())
            await page.locator("a[href]").evaluate_all(UNLINK)
            return await page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        finally:
            await browser.close()


async def _only(page: Page, uri: str) -> None:
    """Let the page load itself and nothing else."""

    async def decide(route: Route, request: Request) -> None:
        await (route.continue_() if request.url == uri else route.abort())

    await page.route("**/*", decide)
