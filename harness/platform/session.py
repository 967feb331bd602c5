"""One person's session on the platform: its windows, and the contract's actions done in them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.assessor import Ask
from harness.errors import HarnessError, StepFailed, Unsupported
from harness.model.reading import HEADINGS
from harness.model.values import LessonState
from harness.platform.base import CONTRACT
from harness.platform.conditions import lesson_state
from harness.platform.fields import as_table
from harness.platform.profile import Account, Lesson, LoadedProfile
from harness.platform.sources import rows
from harness.platform.steps import Runner

if TYPE_CHECKING:
    from harness.browser.cost import Cost
    from harness.browser.parts import File
    from harness.browser.session import Screen
    from harness.camera.studio import AnyCamera


class Session:
    """An account at a device: a stack of windows, the last opened in front."""

    def __init__(
        self,
        profile: LoadedProfile,
        account: Account,
        screen: Screen,
        ask: Ask | None = None,
        camera: AnyCamera | None = None,
        *,
        owns_camera: bool = True,
    ) -> None:
        self.camera = camera
        """The device's camera; None where nobody is before one."""
        self._owns_camera = owns_camera
        self._acting: asyncio.Task[None] | None = None
        self.asked: list[tuple[str, ...]] = []
        """What pages asked the person before the camera to do, one entry each time."""
        self.stand_in: Callable[[Sequence[str]], Awaitable[object]] | None = None
        """Does something of its own as soon as the page has asked for acts; whoever is before the camera acts after."""
        self.profile = profile
        self.account = account
        self.lesson: Lesson | None = None
        """The lesson opened last."""
        self.vars: dict[str, str] = {}
        self.file: File | None = None
        """What the last action downloaded, also where its `result` made a table of it."""
        self._windows = [screen]
        self._ask = ask

    @property
    def screen(self) -> Screen:
        """The window in front; one that the page closed itself is left behind."""
        while len(self._windows) > 1 and self._windows[-1].closed:
            self._windows.pop()
        return self._windows[-1]

    @property
    def cost(self) -> Cost:
        """What its browser used for it, as far as it was measured."""
        return self._windows[0].cost

    @property
    def folder(self) -> Path:
        """Where the profile is."""
        return self.profile.path.parent

    def push(self, screen: Screen) -> None:
        """A window opened in front."""
        self._windows.append(screen)

    async def pop(self) -> None:
        """Close the window in front and go back to the one that opened it."""
        if len(self._windows) == 1:
            raise StepFailed("no pop-up is open", where=self.screen.url)
        await self._windows.pop().close()

    async def ask(self, question: str) -> str:
        """Ask a person, showing the page."""
        if self._ask is None:
            raise StepFailed("a person is needed and nobody is asked", got=question, hint="Run in a terminal.")
        return await self._ask(question, await self.screen.screenshot())

    async def perform(self, acts: Sequence[str]) -> None:
        """Let the person before the camera act; an empty chair can't, and the time goes by all the same."""
        self.asked.append(tuple(acts))
        if self.stand_in is not None:
            await self.stand_in(acts)
        if self.camera is None:
            raise StepFailed("nobody is before a camera", where=self.screen.url, got=", ".join(acts))
        await self.camera.act(acts)
        # A page on a busy machine looks late: go on until the action is over, as somebody does who wants to be seen.
        self._acting = asyncio.create_task(self.camera.keep_acting(acts))

    async def do(self, action: str, **args: Any) -> Any:
        """Do an action of the contract, the adapter's way if it has one; returns what the contract says.

        Raises Unsupported when nobody describes it, StepFailed with the number of the step that was not possible.
        """
        _check(action, args)
        if action == "open_lesson":
            self.lesson = args.get("lesson")
        adapter = self.profile.adapter
        method = adapter.action(action) if adapter is not None else None
        if method is not None:
            return await method(self, **args)
        return await self.described(action, **args)

    async def described(self, action: str, **args: Any) -> Any:
        """Do an action as the profile's steps say."""
        how = self.profile.action(self.account.role, action)
        runner = self.runner(**args)
        self.file = None
        try:
            await runner.run(how.steps, action)
        finally:
            if self._acting is not None:
                self._acting.cancel()
                self._acting = None
        table = None
        if how.result is not None:
            table = as_table(how.fields, await rows(how.result, runner, action), {}, HEADINGS.get(action))
        self.file = runner.file
        return table if how.result is not None else runner.file

    def runner(self, **args: Any) -> Runner:
        """What does steps in this session, with an action's arguments by name."""
        names = {"account": self.account, "subject": self.profile.subject, "lesson": self.lesson}
        return Runner(self, names | args | {"args": args})

    async def read_state(self) -> LessonState:
        """What the page shows the learner now. Raises Unsupported without `lesson_state` in the profile."""
        adapter = self.profile.adapter
        method = adapter.reading("lesson_state") if adapter is not None else None
        if method is not None:
            return LessonState(await method(self))
        states = self.profile.model.lesson_state
        if not states:
            raise Unsupported("the profile does not describe lesson_state", where=self.profile.path.name)
        return await lesson_state(self.screen, states, self.runner().scope)

    async def close(self) -> None:
        """Close every window of this session."""
        for window in reversed(self._windows):
            await window.close()
        if self.camera is not None and self._owns_camera:
            await self.camera.close()


def _check(action: str, args: dict[str, Any]) -> None:
    entry = CONTRACT.get(action)
    if entry is None or entry.kind != "action":
        raise HarnessError("not an action of the contract", got=action)
    unknown = sorted(set(args) - set(entry.arguments))
    if unknown:
        raise HarnessError(f"{action} has no such argument", got=", ".join(unknown), expected=entry.arguments)
