"""Does the steps of an action in a window. Each verb is one small method; a failure says which step it was."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from harness.errors import StepFailed
from harness.model import steps as s
from harness.platform.conditions import comes_true, holds
from harness.platform.files import decode, flat
from harness.platform.given import as_file, run_command
from harness.platform.templates import PAGE_ROOTS, Missing, placeholders, raw, render

if TYPE_CHECKING:
    from harness.browser.session import FetchResponse, File, Screen
    from harness.platform.profile import Account

ASK_AGAIN_S = 0.5
LOCAL = "(key) => localStorage.getItem(key) ?? sessionStorage.getItem(key)"
COOKIE = """(key) => {
  const found = document.cookie.split("; ").find(c => c.startsWith(key + "="));
  return found ? decodeURIComponent(found.slice(key.length + 1)) : null;
}"""
Frames = tuple[str, ...]


class Actor(Protocol):
    """Who does the steps: a session with its windows, account and notes."""

    @property
    def account(self) -> Account:
        """Whose session it is."""

    @property
    def screen(self) -> Screen:
        """The window in front."""

    @property
    def vars(self) -> dict[str, str]:
        """What `keep` kept."""

    @property
    def folder(self) -> Path:
        """Where the profile is, for files to upload."""

    def push(self, screen: Screen) -> None:
        """A window opened in front."""

    async def pop(self) -> None:
        """Close the window in front."""

    async def ask(self, question: str) -> str:
        """Ask a person, showing the page. Raises StepFailed when there is nobody."""

    async def perform(self, acts: Sequence[str]) -> None:
        """Let the person before the camera act. Raises StepFailed without a camera."""


class Runner:
    """Does steps for one actor, in one scope of names."""

    def __init__(self, actor: Actor, scope: Mapping[str, Any]) -> None:
        self.actor = actor
        self.scope = dict(scope)
        self.file: File | None = None
        """The last download."""

    async def run(self, steps: s.Steps, name: str) -> None:
        """Do the steps of an action. Raises StepFailed with the number of the step, counted from 1."""
        await self._all(steps, (), name, "")

    async def _all(self, steps: s.Steps, frame: Frames, name: str, above: str) -> None:
        for number, step in enumerate(steps, 1):
            place = f"{above}{number}"
            verb = s.verb_of(step) or ""
            do: Callable[..., Any] = getattr(self, f"_{verb}")
            try:
                if verb in _NESTED:
                    await do(getattr(step, verb), frame, name, f"{place}.")
                else:
                    await do(getattr(step, verb), frame)
            except StepFailed as error:
                if error.step:
                    raise
                raise self._failed(error, name, place, verb) from error
            except Missing as error:
                failed = StepFailed("a template has no value here", got="{" + str(error.args[0]) + "}")
                raise self._failed(failed, name, place, verb) from error
            except ValueError as error:
                raise self._failed(StepFailed(str(error)), name, place, verb) from error

    def _failed(self, error: StepFailed, name: str, place: str, verb: str) -> StepFailed:
        where = f"{name} step {place} ({verb}) at {error.where or self.actor.screen.url}"
        hide = self._hide
        return StepFailed(
            hide(error.message),
            step=int(place.split(".")[0]),
            where=hide(where),
            got=None if error.got is None else hide(str(error.got)),
            expected=None if error.expected is None else hide(str(error.expected)),
            hint=hide(error.hint),
        )

    def _hide(self, text: str) -> str:
        secret = self.actor.account.secret
        return text.replace(secret.reveal(), "***") if secret is not None and secret.reveal() else text

    # --- templates --------------------------------------------------------------------------------------------

    async def text(self, template: str) -> str:
        """The text with its placeholders filled, those that only the page knows included. Raises Missing."""
        return render(template, await self._filled(template))

    async def value(self, template: Any) -> Any:
        """Like `text`, through a JSON value; a text that is one placeholder becomes the value itself."""
        if isinstance(template, str):
            return raw(template, await self._filled(template))
        if isinstance(template, Mapping):
            return {key: await self.value(part) for key, part in template.items()}
        if isinstance(template, list | tuple):
            return [await self.value(part) for part in template]
        return template

    async def optional(self, template: str) -> str | None:
        """The text, or None when it names an argument that was not given. Raises Missing for anything else."""
        for placeholder in placeholders(template):
            root = placeholder.path[0] if placeholder.path[0] != "args" else placeholder.path[1]
            if root not in (*PAGE_ROOTS, "vars") and self.scope.get(root) is None:
                return None
        return await self.text(template)

    async def _filled(self, template: str) -> dict[str, Any]:
        page: dict[str, dict[str, str | None]] = {root: {} for root in PAGE_ROOTS}
        for placeholder in placeholders(template):
            root, *rest = placeholder.path
            if root in PAGE_ROOTS and rest:
                js = LOCAL if root == "local" else COOKIE
                page[root][rest[0]] = await self.actor.screen.evaluate(js, rest[0])
        return self.scope | page | {"vars": self.actor.vars}

    # --- one method per verb ----------------------------------------------------------------------------------

    async def _goto(self, url: str, frame: Frames) -> None:
        await self.actor.screen.goto(await self.text(url))

    async def _reload(self, _: bool, frame: Frames) -> None:
        await self.actor.screen.reload()

    async def _click(self, at: s.Clicked, frame: Frames) -> None:
        await self.actor.screen.click(
            await self.text(at.selector), frame=(*frame, *at.frame), count=at.count, **_timeout(at.timeout)
        )

    async def _click_at(self, at: s.Place, frame: Frames) -> None:
        x, y = float(await self.text(at.x)), float(await self.text(at.y))
        await self.actor.screen.click_at(await self.text(at.selector), x, y, frame=(*frame, *at.frame))

    async def _fill(self, at: s.Filling, frame: Frames) -> None:
        await self.actor.screen.fill(
            await self.text(at.selector), await self.text(at.text), frame=(*frame, *at.frame), typed=at.typed
        )

    async def _press(self, key: s.Key, frame: Frames) -> None:
        selector = None if key.selector is None else await self.text(key.selector)
        await self.actor.screen.press(await self.text(key.key), selector, frame=(*frame, *key.frame))

    async def _hover(self, at: s.Target, frame: Frames) -> None:
        await self.actor.screen.hover(await self.text(at.selector), frame=(*frame, *at.frame))

    async def _select(self, at: s.Choice, frame: Frames) -> None:
        await self.actor.screen.select(
            await self.text(at.selector), await self.text(at.option), frame=(*frame, *at.frame)
        )

    async def _check(self, at: s.Target, frame: Frames) -> None:
        await self.actor.screen.check(await self.text(at.selector), frame=(*frame, *at.frame))

    async def _upload(self, at: s.Upload, frame: Frames) -> None:
        file = as_file(await self.value(at.file), self.actor.folder)
        await self.actor.screen.upload(await self.text(at.selector), file, frame=(*frame, *at.frame))

    async def _wait_for(self, what: s.Awaited, frame: Frames) -> None:
        texts: dict[str, Any] = {
            name: None if value is None else await self.text(value)
            for name, value in (("selector", what.selector), ("text", what.text), ("url", what.url))
        }
        inside = (*frame, *what.frame)
        await self.actor.screen.wait_for(state=what.state, frame=inside, **texts, **_timeout(what.timeout))

    async def _drag_bar(self, bar: s.Dragging, frame: Frames) -> None:
        start = None if bar.start is None else float(await self.text(bar.start))
        end = float(await self.text(bar.to))
        await self.actor.screen.drag(await self.text(bar.selector), start, end, frame=(*frame, *bar.frame))

    async def _close_popup(self, _: bool, frame: Frames) -> None:
        await self.actor.pop()

    async def _dialog(self, dialogs: s.Dialogs, frame: Frames) -> None:
        policy = self.actor.screen.dialogs
        policy.accept = dialogs.answer == "accept"
        policy.answers = {part: await self.text(text) for part, text in dialogs.answers.items()}

    async def _pause(self, seconds: float, frame: Frames) -> None:
        await asyncio.sleep(seconds)

    async def _fetch(self, request: s.Request, frame: Frames) -> None:
        answer = await self.fetch(request)
        if answer.status not in request.expect:
            raise StepFailed("request refused", where=answer.url, got=f"HTTP {answer.status}", expected=request.expect)

    async def fetch(self, request: s.Request) -> FetchResponse:
        """Send a request with the session's cookies; the answer whatever its status."""
        url = await self.text(request.url)
        params = {name: await self.optional(text) for name, text in request.params.items()}
        query = urlencode({name: text for name, text in params.items() if text is not None})
        if query:
            url += ("&" if "?" in url else "?") + query
        headers = {name: await self.text(text) for name, text in request.headers.items()}
        body: str | None = None
        if request.body is not None:
            body = json.dumps(await self.value(request.body), ensure_ascii=False)
            headers.setdefault("Content-Type", "application/json")
        elif request.form is not None:
            body = urlencode({name: await self.text(text) for name, text in request.form.items()})
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        until = {path: await self.text(wanted) for path, wanted in request.until.items()}
        end = time.monotonic() + request.within
        while True:
            answer = await self.actor.screen.fetch(url, method=request.method, headers=headers, body=body)
            fits = answer.status in request.expect
            if not request.until and not (request.keep and fits):
                return answer
            said = _json_leaves(answer) if fits else {}
            if fits and all(said.get(path) == wanted for path, wanted in until.items()):
                self._remember(request, said, answer.url)
                return answer
            if time.monotonic() >= end:
                got = ", ".join(f"{path} = {said.get(path)}" for path in until) if fits else f"HTTP {answer.status}"
                raise StepFailed("answer did not come", where=answer.url, got=got, expected=until)
            await asyncio.sleep(ASK_AGAIN_S)

    def _remember(self, request: s.Request, said: Mapping[str, str], url: str) -> None:
        for name, path in request.keep.items():
            if path not in said:
                raise StepFailed("not in the answer", where=url, got=", ".join(said)[:200], expected=path)
            self.actor.vars[name] = said[path]

    async def _keep(self, keep: s.Keeping, frame: Frames) -> None:
        screen, selector, inside = self.actor.screen, await self.text(keep.selector), (*frame, *keep.frame)
        if keep.attribute is not None:
            got = await screen.attribute(selector, keep.attribute, frame=inside)
        else:
            got = await screen.text(selector, frame=inside)
        if got is not None and keep.pattern is not None:
            found = re.search(keep.pattern, got)
            if found is None:
                raise StepFailed("text does not match", got=got[:120], expected=keep.pattern)
            got = found.group(1 if found.re.groups else 0)
        if got is None:
            raise StepFailed("attribute is not there", got="none", expected=keep.attribute)
        self.actor.vars[keep.name] = got

    async def _code(self, code: s.Code, frame: Frames) -> None:
        if code.fixed is not None:
            text = await self.text(code.fixed)
        elif code.command is not None:
            text = await run_command([await self.text(part) for part in code.command], self.actor.folder)
        else:
            text = await self.actor.ask(await self.text(code.human or ""))
        await self.actor.screen.fill(await self.text(code.into), text, frame=(*frame, *code.frame))

    async def _perform(self, what: s.Performance, frame: Frames) -> None:
        acts: Sequence[str] = what.acts
        if what.selector is not None:
            from harness.camera.words import acts_asked

            asked = await self.actor.screen.text(await self.text(what.selector), frame=(*frame, *what.frame))
            acts = acts_asked(asked, what.words)
            if not acts:
                raise StepFailed("no act is asked for", got=asked[:120], expected="words like 请眨眼, or `words:`")
        await self.actor.perform(acts)

    async def download(self, steps: s.Steps, name: str) -> None:
        """Do steps that end in a download, and keep its file. Raises StepFailed."""
        await self._all((s.DownloadStep(download=steps),), (), name, "")

    # --- verbs that hold steps --------------------------------------------------------------------------------

    async def _popup(self, steps: s.Steps, frame: Frames, name: str, above: str) -> None:
        async with self.actor.screen.expect_popup() as popup:
            await self._all(steps, frame, name, above)
        assert popup.screen is not None
        self.actor.push(popup.screen)

    async def _download(self, steps: s.Steps, frame: Frames, name: str, above: str) -> None:
        async with self.actor.screen.expect_download() as download:
            await self._all(steps, frame, name, above)
        self.file = download.file

    async def _frame(self, inside: s.Inside, frame: Frames, name: str, above: str) -> None:
        await self._all(inside.steps, (*frame, await self.text(inside.selector)), name, above)

    async def _if_exists(self, branch: s.Branch, frame: Frames, name: str, above: str) -> None:
        scope = self.scope | {"vars": self.actor.vars}
        if await comes_true(self.actor.screen, branch, scope, branch.within, frame):
            await self._all(branch.then, frame, name, above)
        else:
            await self._all(branch.otherwise, frame, name, above)

    async def _repeat(self, loop: s.Loop, frame: Frames, name: str, above: str) -> None:
        if loop.times is not None:
            for _ in range(int(float(await self.text(loop.times)))):
                await self._all(loop.steps, frame, name, above)
            return
        assert loop.while_exists is not None
        for _ in range(loop.most):
            if not await holds(self.actor.screen, loop.while_exists, self.scope | {"vars": self.actor.vars}, frame):
                return
            await self._all(loop.steps, frame, name, above)
        raise StepFailed("repeated too often", got=f"{loop.most} times", expected="an end")


_NESTED = frozenset({"popup", "download", "frame", "if_exists", "repeat"})


def _json_leaves(answer: FetchResponse) -> dict[str, str]:
    try:
        return flat(json.loads(decode(answer.body)))
    except ValueError as error:
        raise StepFailed("answer is not JSON", where=answer.url, got=answer.body[:60], expected="JSON") from error


def _timeout(seconds: float | None) -> dict[str, Any]:
    return {} if seconds is None else {"timeout_s": seconds}
