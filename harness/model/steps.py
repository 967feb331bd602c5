"""The steps of a profile's actions: each is a mapping with one key, the verb.

Locators are Playwright's selector strings. Texts may hold templates: `{account.username}`, `{lesson.id}`,
`{args.fraction}`, `{subject.facility_id}` (harness/platform/templates.py).
"""

from __future__ import annotations

import difflib
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from harness.model.short import Duration, Short, Text
from harness.model.values import Frozen

Frames = tuple[str, ...]
"""iframe selectors, outermost first. Empty: whatever frame holds the element."""


class Target(Short):
    """An element."""

    short: ClassVar[str] = "selector"
    selector: Text
    frame: Frames = ()
    timeout: Duration | None = None


class Clicked(Target):
    """An element to click; `count` 2 is a double click."""

    count: int = Field(default=1, ge=1, le=3)


class Place(Frozen):
    """A place of an element, as fractions of its width and height."""

    selector: Text
    x: Text
    y: Text = "0.5"
    frame: Frames = ()


class Filling(Frozen):
    """A text for a field; `typed` presses the keys one by one, for fields that watch them."""

    selector: Text
    text: Text
    typed: bool = False
    frame: Frames = ()


class Key(Short):
    """A key, in an element or wherever the focus is."""

    short: ClassVar[str] = "key"
    key: Text
    selector: Text | None = None
    frame: Frames = ()


class Choice(Frozen):
    """An option of a list, by its value or its label."""

    selector: Text
    option: Text
    frame: Frames = ()


class Upload(Frozen):
    """A file for a file field: `{args.file}`, or a path next to the profile."""

    selector: Text
    file: Text
    frame: Frames = ()


class Awaited(Short):
    """What to wait for: an element, a text anywhere on the page, an address (a regular expression), or several."""

    short: ClassVar[str] = "selector"
    selector: Text | None = None
    text: Text | None = None
    url: Text | None = None
    state: Literal["visible", "attached", "hidden"] = "visible"
    frame: Frames = ()
    timeout: Duration | None = None

    @model_validator(mode="after")
    def _something(self) -> Awaited:
        if self.selector is None and self.text is None and self.url is None:
            raise ValueError("wait_for needs selector, text or url")
        return self


class Dragging(Frozen):
    """A drag along an element's width, between fractions from 0 to 1; without `from` it starts at the left end."""

    selector: Text
    to: Text
    start: Text | None = Field(default=None, alias="from")
    frame: Frames = ()


class Dialogs(Short):
    """How native dialogs are answered from here on; `answers` gives texts by a part of the question."""

    short: ClassVar[str] = "answer"
    answer: Literal["accept", "dismiss"]
    answers: dict[str, Text] = Field(default_factory=dict)


class Condition(Short):
    """What a page shows now. Everything that is named must hold."""

    short: ClassVar[str] = "selector"
    selector: Text | None = None
    text: Text | None = None
    url: Text | None = None
    """A regular expression that the address must match somewhere."""
    media: Literal["playing", "paused", "ended"] | None = None
    """What the lesson's media element does."""
    given: Text | None = None
    """A template that must not come out empty: an argument that may be left out."""
    absent: bool = False
    """Turns it round: it must not hold."""
    frame: Frames = ()

    @model_validator(mode="after")
    def _something(self) -> Condition:
        if all(part is None for part in (self.selector, self.text, self.url, self.media, self.given)):
            raise ValueError("a condition needs selector, text, url, media or given")
        return self


class Branch(Condition):
    """Steps for the case that something shows within some time, and for the other."""

    within: Duration = 0.0
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = Field(default=(), alias="else")


class Loop(Frozen):
    """Steps done again: so many times, or while something shows (at most `most` times)."""

    steps: tuple[Step, ...]
    times: Text | None = None
    while_exists: Condition | None = None
    most: int = Field(default=50, ge=1, le=500)

    @model_validator(mode="after")
    def _one(self) -> Loop:
        if (self.times is None) == (self.while_exists is None):
            raise ValueError("repeat needs either times or while_exists")
        return self


class Inside(Frozen):
    """Steps inside a frame."""

    selector: Text
    steps: tuple[Step, ...]


class Request(Short):
    """A request with the session's cookies, to authorized hosts only.

    `params` whose argument was not given are left out.
    """

    short: ClassVar[str] = "url"
    url: Text
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    params: dict[str, Text] = Field(default_factory=dict)
    headers: dict[str, Text] = Field(default_factory=dict)
    body: Any = Field(default=None, alias="json")
    form: dict[str, Text] | None = None
    expect: tuple[int, ...] = (200, 201, 202, 204)
    until: dict[str, Text] = Field(default_factory=dict)
    """Ask again until the status is expected and the JSON answer says so, by dotted path: an export that is prepared
    in the background, a session that is not there at once."""
    within: Duration = 60.0
    keep: dict[str, str] = Field(default_factory=dict)
    """Values of the JSON answer to keep as `{vars.NAME}`, by dotted path."""


class Keeping(Frozen):
    """Keep what an element says as `{vars.NAME}`; `pattern` takes its first group, or the whole match."""

    name: str = Field(pattern=r"^[a-z_][a-z0-9_]*$")
    selector: Text
    attribute: str | None = None
    pattern: str | None = None
    frame: Frames = ()


class Code(Frozen):
    """A code that a login asks for: fixed, printed by a command, or asked of a human while the run waits."""

    into: Text
    fixed: Text | None = None
    command: tuple[Text, ...] | None = None
    human: Text | None = None
    frame: Frames = ()

    @model_validator(mode="after")
    def _one(self) -> Code:
        if sum(way is not None for way in (self.fixed, self.command, self.human)) != 1:
            raise ValueError("code needs exactly one of fixed, command, human")
        return self


class Performance(Short):
    """What the person before the camera does: what the element asks for in words, or `acts` by name.

    The usual Chinese and English words are known; `words` says what a platform's own mean (`{扭头: turn_left}`).
    """

    short: ClassVar[str] = "selector"
    selector: Text | None = None
    acts: tuple[Literal["blink", "turn_left", "turn_right", "nod", "look_up", "open_mouth", "smile"], ...] = ()
    words: dict[str, str] = Field(default_factory=dict)
    frame: Frames = ()

    @model_validator(mode="after")
    def _something(self) -> Performance:
        if (self.selector is None) == (not self.acts):
            raise ValueError("perform needs either selector or acts")
        return self


class Goto(Frozen):
    goto: Text


class Reload(Frozen):
    reload: Literal[True]


class Click(Frozen):
    click: Clicked


class ClickAt(Frozen):
    click_at: Place


class Fill(Frozen):
    fill: Filling


class Press(Frozen):
    press: Key


class Hover(Frozen):
    hover: Target


class Select(Frozen):
    select: Choice


class Check(Frozen):
    check: Target


class UploadStep(Frozen):
    upload: Upload


class WaitFor(Frozen):
    wait_for: Awaited


class DragBar(Frozen):
    drag_bar: Dragging


class PopupStep(Frozen):
    """The steps that open a window; what follows happens in it."""

    popup: tuple[Step, ...]


class ClosePopup(Frozen):
    """Close the pop-up and go back to the window that opened it."""

    close_popup: Literal[True]


class DialogStep(Frozen):
    dialog: Dialogs


class DownloadStep(Frozen):
    """The steps that start a download; its file is the action's result."""

    download: tuple[Step, ...]


class FrameStep(Frozen):
    frame: Inside


class IfExists(Frozen):
    if_exists: Branch


class Repeat(Frozen):
    repeat: Loop


class Pause(Frozen):
    """Wait: for pages that give no sign of being ready."""

    pause: Duration


class Fetch(Frozen):
    fetch: Request


class Keep(Frozen):
    keep: Keeping


class CodeStep(Frozen):
    code: Code


class Perform(Frozen):
    perform: Performance


VERBS: dict[str, type[Frozen]] = {
    "goto": Goto,
    "reload": Reload,
    "click": Click,
    "click_at": ClickAt,
    "fill": Fill,
    "press": Press,
    "hover": Hover,
    "select": Select,
    "check": Check,
    "upload": UploadStep,
    "wait_for": WaitFor,
    "drag_bar": DragBar,
    "popup": PopupStep,
    "close_popup": ClosePopup,
    "dialog": DialogStep,
    "download": DownloadStep,
    "frame": FrameStep,
    "if_exists": IfExists,
    "repeat": Repeat,
    "pause": Pause,
    "fetch": Fetch,
    "keep": Keep,
    "code": CodeStep,
    "perform": Perform,
}
"""Every step by its verb."""


def _one_verb(value: Any) -> Any:
    if isinstance(value, Frozen):
        return value
    if isinstance(value, str) and value in ("reload", "close_popup"):
        return {value: True}
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError('a step is a mapping with one key, like `- click: "text=登录"`')
    verb = next(iter(value))
    if verb not in VERBS:
        near = difflib.get_close_matches(str(verb), VERBS, n=1)
        raise ValueError(f"unknown step {verb!r}" + (f", did you mean {near[0]!r}?" if near else ""))
    return value


def verb_of(value: Any) -> str | None:
    """The verb of a step, written or built."""
    if isinstance(value, Frozen):
        return next(iter(type(value).model_fields))
    return next(iter(value), None) if isinstance(value, dict) else None


Step = Annotated[
    Annotated[Goto, Tag("goto")]
    | Annotated[Reload, Tag("reload")]
    | Annotated[Click, Tag("click")]
    | Annotated[ClickAt, Tag("click_at")]
    | Annotated[Fill, Tag("fill")]
    | Annotated[Press, Tag("press")]
    | Annotated[Hover, Tag("hover")]
    | Annotated[Select, Tag("select")]
    | Annotated[Check, Tag("check")]
    | Annotated[UploadStep, Tag("upload")]
    | Annotated[WaitFor, Tag("wait_for")]
    | Annotated[DragBar, Tag("drag_bar")]
    | Annotated[PopupStep, Tag("popup")]
    | Annotated[ClosePopup, Tag("close_popup")]
    | Annotated[DialogStep, Tag("dialog")]
    | Annotated[DownloadStep, Tag("download")]
    | Annotated[FrameStep, Tag("frame")]
    | Annotated[IfExists, Tag("if_exists")]
    | Annotated[Repeat, Tag("repeat")]
    | Annotated[Pause, Tag("pause")]
    | Annotated[Fetch, Tag("fetch")]
    | Annotated[Keep, Tag("keep")]
    | Annotated[CodeStep, Tag("code")]
    | Annotated[Perform, Tag("perform")],
    Discriminator(verb_of),
    BeforeValidator(_one_verb),
]
"""One step."""

Steps = tuple[Step, ...]

for _model in (Branch, Loop, Inside, PopupStep, DownloadStep, FrameStep, IfExists, Repeat):
    _model.model_rebuild()
