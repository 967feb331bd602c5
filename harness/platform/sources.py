"""Fetching the rows of a reading: by a request, from the page, or from a downloaded file."""

from __future__ import annotations

from harness.errors import ReadingFailed
from harness.model.reading import Source
from harness.model.values import Table
from harness.platform.files import read_table, table_from_rows
from harness.platform.steps import Runner

SIGNED_OUT = (401, 403)


class SignedOut(ReadingFailed):
    """The reader's session has ended; it logs in again and tries once more."""


async def rows(source: Source, runner: Runner, name: str) -> Table:
    """The rows of a source, in the window in front.

    Raises SignedOut, ReadingFailed when the answer is not understood, StepFailed when the page does not allow it.
    """
    screen = runner.actor.screen
    if source.fetch is not None:
        answer = await runner.fetch(source.fetch)
        if answer.status in SIGNED_OUT and answer.status not in source.fetch.expect:
            raise SignedOut("request refused", where=answer.url, got=f"HTTP {answer.status}", expected="a session")
        if answer.status not in source.fetch.expect:
            expected = " or ".join(f"HTTP {status}" for status in source.fetch.expect)
            raise ReadingFailed("request refused", where=answer.url, got=f"HTTP {answer.status}", expected=expected)
        return read_table(answer.body, source, name=answer.url.split("?")[0])
    if source.table is not None:
        cells = await screen.table(await runner.text(source.table.selector), frame=source.table.frame)
        return table_from_rows(cells, source.header_row)
    if source.page is not None:
        texts = {
            label: await screen.text(await runner.text(target.selector), frame=target.frame)
            for label, target in source.page.items()
        }
        return Table(columns=tuple(texts), rows=(texts,))
    assert source.download is not None
    await runner.download(source.download, name)
    assert runner.file is not None
    return read_table(runner.file.data, source, name=runner.file.name)
