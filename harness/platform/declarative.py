"""The platform as a profile describes it: sessions for those who act, and readings by readers who disturb nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from harness.assessor import Ask
from harness.errors import HarnessError, ReadingFailed, SubjectError, Unsupported
from harness.model.reading import HEADINGS, Reading
from harness.model.values import Table
from harness.platform import fields
from harness.platform.base import CONTRACT
from harness.platform.conditions import any_holds
from harness.platform.profile import Account, LoadedProfile
from harness.platform.session import Session
from harness.platform.sources import SignedOut, rows
from harness.platform.steps import Runner
from harness.platform.templates import Missing

if TYPE_CHECKING:
    from harness.browser.launch import BrowserPool, Visitor
    from harness.browser.session import Screen

__all__ = ["DeclarativePlatform", "Session"]

VISITOR = Account(id="visitor", role="visitor", username="")
"""Whoever has no account."""


class DeclarativePlatform:
    """One subject, driven through its profile."""

    def __init__(self, profile: LoadedProfile, pool: BrowserPool, *, ask: Ask | None = None) -> None:
        self.profile = profile
        self._pool = pool
        self._ask = ask
        self._readers: dict[str, _Reader] = {}

    def described(self, name: str) -> bool:
        """Does the profile or its adapter describe this action or reading?"""
        return name in self.profile.described

    async def session(
        self,
        role: str,
        account: Account | None = None,
        *,
        visitor: Visitor | None = None,
        storage: dict[str, Any] | None = None,
        **look: Any,
    ) -> Session:
        """A fresh device, not logged in. `look` are Visitor's fields (device, automated, camera); `storage` is another
        session's cookies and local storage. Raises Unsupported when the role has no account.
        """
        from harness.browser.launch import Visitor

        if account is None:
            account = VISITOR if role == "visitor" else self._first(role)
        screen = await self._pool.new_screen(
            visitor or Visitor(**look),
            base_url=self.profile.base_url,
            authorized_hosts=self.profile.hosts,
            storage=storage,
        )
        return Session(self.profile, account, screen, self._ask)

    def adopt(self, account: Account, screen: Screen) -> Session:
        """A session in a window that is already open, such as a second tab."""
        return Session(self.profile, account, screen, self._ask)

    async def read(self, reading: str, **filters: Any) -> Any:
        """Make a reading and return what the contract says: Credit, StudyRecords, a Table, seconds.

        One session per role reads for the whole run, one reading after another. Raises Unsupported, ReadingFailed
        when what stands there is not understood, StepFailed when the reader can't get there.
        """
        entry = CONTRACT.get(reading)
        if entry is None or entry.kind != "reading" or reading == "lesson_state":
            raise HarnessError("not a reading of the contract that a reader makes", got=reading)
        unknown = sorted(set(filters) - set(entry.arguments))
        if unknown:
            raise HarnessError(f"{reading} has no such filter", got=", ".join(unknown), expected=entry.arguments)
        adapter = self.profile.adapter
        method = adapter.reading(reading) if adapter is not None else None
        how = None if method is not None else self.profile.reading(reading)
        return await self._reader("reader" if how is None else how.role).read(reading, how, method, filters)

    async def picture(self, reading: str) -> bytes | None:
        """What the reader of a reading sees now (PNG); None when it has no window."""
        how = self.profile.model.readings.get(reading)
        return await self._reader("reader" if how is None else how.role).picture()

    async def close(self) -> None:
        """Close the readers' windows."""
        for reader in self._readers.values():
            await reader.close()

    def _reader(self, role: str) -> _Reader:
        if role not in self._readers:
            self._readers[role] = _Reader(self, role)
        return self._readers[role]

    def _first(self, role: str) -> Account:
        accounts = self.profile.accounts.get(role, ())
        if not accounts:
            raise Unsupported(
                f"the profile has no account in the role {role}", where=self.profile.where("roles"), expected=f"{role}:"
            )
        return accounts[0]


class _Reader:
    """The one session of a role that makes readings, one at a time: a second one might throw it out."""

    def __init__(self, platform: DeclarativePlatform, role: str) -> None:
        self._platform = platform
        self._role = role
        self._turn = asyncio.Lock()
        self._session: Session | None = None

    async def read(self, name: str, how: Reading | None, method: Any, filters: dict[str, Any]) -> Any:
        async with self._turn:
            fresh = self._session is None
            session = await self._logged_in()
            try:
                return await self._once(session, name, how, method, filters)
            except SubjectError:
                # A session that has ended shows itself in many ways (a status, a code in JSON, a page without the
                # table). One that has just logged in is not tried again: it would only fail once more.
                if fresh:
                    raise
            await self.close()
            session = await self._logged_in()
            return await self._once(session, name, how, method, filters)

    async def picture(self) -> bytes | None:
        if self._session is None:
            return None
        try:
            return await self._session.screen.screenshot()
        except SubjectError:
            return None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _logged_in(self) -> Session:
        if self._session is None:
            session = await self._platform.session(self._role)
            try:
                if self._role != "visitor":
                    await session.do("log_in")
            except BaseException:
                await session.close()
                raise
            self._session = session
        return self._session

    async def _once(
        self, session: Session, name: str, how: Reading | None, method: Any, filters: dict[str, Any]
    ) -> Any:
        if how is None:
            return await method(session, **filters)
        runner = session.runner(**{"lesson": None} | filters)
        try:
            await runner.run(how.steps, name)
            if how.source.fetch is None and await self._out(session):
                raise SignedOut("the reader's session has ended", where=session.screen.url)
            table = await rows(how.source, runner, name)
            return await _typed(name, how, table, runner, filters)
        except Missing as error:
            raise ReadingFailed(
                "a template has no value here", where=name, got="{" + str(error.args[0]) + "}"
            ) from error
        except ReadingFailed as error:
            if error.where.startswith(name):
                raise
            where = f"{name}: {error.where}" if error.where else name
            raise type(error)(
                error.message, where=where, got=error.got, expected=error.expected, hint=error.hint
            ) from error

    async def _out(self, session: Session) -> bool:
        shown = self._platform.profile.model.signed_out
        return shown is not None and await any_holds(session.screen, shown, session.runner().scope)


async def _typed(name: str, how: Reading, table: Table, runner: Runner, filters: dict[str, Any]) -> Any:
    given = {column: await runner.optional(text) for column, text in how.where.items()}
    where = {column: text for column, text in given.items() if text is not None}
    columns = {
        key: column if column.value is None else column.model_copy(update={"value": await runner.text(column.value)})
        for key, column in how.fields.items()
    }
    how = how.model_copy(update={"fields": columns})
    if name == "credited_time":
        return fields.credit(how, table, where)
    if name == "lesson_position":
        return fields.position(how, table, where)
    if name == "study_records":
        return fields.records(how, table, where, since=filters.get("since"), until=filters.get("until"))
    return fields.as_table(columns, table, where, HEADINGS.get(name))
