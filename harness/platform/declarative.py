"""The platform as a profile describes it: sessions for those who act, and readings by readers who disturb nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.assessor import Ask
from harness.errors import HarnessError, ReadingFailed, StepFailed, SubjectError, Unsupported
from harness.model.reading import HEADINGS, Reading
from harness.model.values import StoredPortrait, Table
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
    from harness.camera.instructions import Instruction
    from harness.camera.studio import AnyCamera, Studio

__all__ = ["DeclarativePlatform", "Session"]

ONE_LEARNERS = frozenset(
    {
        "archive_export",
        "archive_hours",
        "archives",
        "attendance",
        "certificate",
        "completion",
        "course_record",
        "credited_time",
        "portrait_list",
        "portraits",
        "statistics",
        "statistics_csv",
        "statistics_xlsx",
        "study_records",
    }
)
"""Readings of which judges expect the rows of the learner that was asked for, and of nobody else."""
VISITOR = Account(id="visitor", role="visitor", username="")
"""Whoever has no account."""


class DeclarativePlatform:
    """One subject, driven through its profile."""

    def __init__(
        self, profile: LoadedProfile, pool: BrowserPool, *, ask: Ask | None = None, studio: Studio | None = None
    ) -> None:
        self.profile = profile
        self.offset_s = 0.0
        """The server's clock minus ours, once it was measured."""
        self.studio = studio
        """Cameras for learners; None where the subject asks for none."""
        self._pool = pool
        self.ask = ask
        """Reaches a person beside the run; None where nobody is there."""
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
        unplugged: bool = False,
        **look: Any,
    ) -> Session:
        """A fresh device, not logged in. `look` are Visitor's fields (device, automated, denied); `storage` is another
        session's cookies and local storage. A learner who is a test person has a camera of their own, unless it is
        `unplugged`. Raises Unsupported when the role has no account.
        """
        from harness.browser.launch import Visitor

        if account is None:
            account = VISITOR if role == "visitor" else self._first(role)
        looks = visitor or Visitor(**look)
        camera = None if unplugged else await self._camera(account)
        if camera is not None:
            looks = _through(looks, camera)
        try:
            screen = await self._pool.new_screen(
                looks, base_url=self.profile.base_url, authorized_hosts=self.profile.hosts, storage=storage
            )
        except BaseException:
            if camera is not None:
                await camera.close()
            raise
        return Session(self.profile, account, screen, self.ask, camera)

    async def _camera(self, account: Account) -> AnyCamera | None:
        name = self.profile.person_of(account)
        if self.studio is None or name is None:
            return None
        person = self.studio.person(name, self.profile.where("persons"))
        if self.studio.real is not None:
            return self.studio.real_camera(person, self._led)
        return await self.studio.open(person)

    async def _led(self, instruction: Instruction) -> None:
        """Outside a walk (doctor): told and confirmed, and written down nowhere."""
        if self.ask is None:
            raise StepFailed("a person is needed and nobody is asked", got=instruction.en, hint="Run in a terminal.")
        await self.ask(f"{instruction.zh}\n  {instruction.en}", b"")

    def adopt(self, account: Account, screen: Screen, camera: AnyCamera | None = None) -> Session:
        """A session in a window that is already open, such as a second tab; `camera` is the other tab's."""
        return Session(self.profile, account, screen, self.ask, camera, owns_camera=False)

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
        if reading in ONE_LEARNERS and "learner" in filters and not self.profile.uses(reading, "learner"):
            raise Unsupported(
                f"the profile does not describe {reading} of one learner",
                where=self.profile.where("readings", reading),
                expected="{learner.…} in its address, steps or `where`",
            )
        return await self._reader("reader" if how is None else how.role).read(reading, how, method, filters)

    async def read_in(self, session: Session, reading: str, **filters: Any) -> Any:
        """Make a reading the reader's way in somebody else's session: what a learner who knows the way would see.

        Raises what `read` raises. An adapter's reading is made in that session too.
        """
        adapter = self.profile.adapter
        method = adapter.reading(reading) if adapter is not None else None
        how = None if method is not None else self.profile.reading(reading)
        return await _Reader(self, session.account.role).once(session, reading, how, method, filters)

    async def picture(self, reading: str) -> bytes | None:
        """What the reader of a reading sees now (PNG); None when it has no window."""
        how = self.profile.model.readings.get(reading)
        return await self._reader("reader" if how is None else how.role).picture()

    async def measure(self) -> None:
        """Bring the cost of every open window up to date."""
        await self._pool.measure()

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
        self._suspect = False
        """The last reading failed, so the session may have ended meanwhile."""

    async def read(self, name: str, how: Reading | None, method: Any, filters: dict[str, Any]) -> Any:
        async with self._turn:
            if self._suspect:
                await self.close()
            fresh = self._session is None
            try:
                return await self._try(name, how, method, filters)
            except SubjectError:
                # A session that has ended shows itself in many ways (a status, a code in JSON, a page without the
                # table). One that has just logged in is not tried again: it would only fail once more.
                if fresh:
                    raise
            await self.close()
            return await self._try(name, how, method, filters)

    async def _try(self, name: str, how: Reading | None, method: Any, filters: dict[str, Any]) -> Any:
        """One try in the session that is there. After one that failed the next reading begins with a new one: where
        everything fails, each then waits for the page once and not twice, while the others wait for their turn."""
        session = await self._logged_in()
        self._suspect = True
        made = await self.once(session, name, how, method, filters)
        self._suspect = False
        return made

    async def picture(self) -> bytes | None:
        if self._session is None:
            return None
        try:
            return await self._session.screen.screenshot()
        except SubjectError:
            return None

    async def close(self) -> None:
        session, self._session = self._session, None
        self._suspect = False
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

    async def once(self, session: Session, name: str, how: Reading | None, method: Any, filters: dict[str, Any]) -> Any:
        """Make a reading in a session that is logged in."""
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


def _through(looks: Visitor, camera: AnyCamera) -> Visitor:
    """The visitor at this camera. A telephone is none of the browser's."""
    from harness.browser.launch import CameraFile
    from harness.camera.human import HumanCamera

    if isinstance(camera, HumanCamera):
        return looks if camera.phone else replace(looks, own_camera=True)
    return replace(looks, camera=CameraFile(camera.folder, camera.feed.filename))


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
    if name == "portraits":
        return tuple([await _with_picture(how, one, runner) for one in fields.portraits(how, table, where)])
    if name == "lesson_position":
        return fields.position(how, table, where)
    if name == "study_records":
        return fields.records(how, table, where, since=filters.get("since"), until=filters.get("until"))
    return fields.as_table(columns, table, where, HEADINGS.get(name))


async def _with_picture(how: Reading, portrait: StoredPortrait, runner: Runner) -> StoredPortrait:
    """The portrait with its picture; one that is refused or gone is listed all the same, with the reason."""
    if how.picture is None:
        return portrait
    row = {name: str(value) for name, value in portrait.model_dump(exclude={"picture", "time"}).items()}
    of_row = Runner(runner.actor, runner.scope | {"row": row})
    try:
        answer = await of_row.fetch(how.picture)
    except StepFailed as error:
        return portrait.model_copy(update={"error": str(error)})
    if answer.status not in how.picture.expect:
        return portrait.model_copy(update={"error": f"HTTP {answer.status}"})
    return portrait.model_copy(update={"picture": answer.body})
