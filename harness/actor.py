"""A person at a device of its own, who acts; every action is written down as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.errors import SubjectError, Unsupported
from harness.model.observation import ActionDone, Context, Fact, Observation, Stimulus
from harness.model.values import Table
from harness.redact import redact, redact_args, redact_table

if TYPE_CHECKING:
    from harness.browser.session import Screen
    from harness.platform.declarative import Session
    from harness.platform.profile import Account
    from harness.walk import Walk


class Actor:
    """One person at one device: a learner, a teacher, an administrator, or a visitor without an account."""

    def __init__(self, walk: Walk, session: Session, screen_name: str) -> None:
        self.walk = walk
        self.session = session
        self.name = screen_name
        self.account: Account = session.account

    @property
    def screen(self) -> Screen:
        """The window that it looks at now."""
        return self.session.screen

    @property
    def context(self) -> Context:
        """Who and where, for the ledger."""
        return self.walk.context.model_copy(update={"role": self.account.role, "account": self.account.id})

    def note(self, fact: Fact, **more: Any) -> Observation:
        """Write a fact in this person's name."""
        return self.walk.write(fact, self.context, **more)

    async def do(self, action: str, **args: Any) -> Any:
        """Do one contract action, write down how it went, and return what the contract says: a File, a Table, None.

        A file that came of it is kept as evidence. Raises what the platform raised.
        """
        start = self.walk.now()
        self._acting()
        shown = redact_args(args)
        try:
            came = await self.session.do(action, **args)
        except SubjectError as error:
            picture = await self._picture() if not isinstance(error, Unsupported) else ()
            self.note(
                ActionDone(
                    name=action,
                    args=shown,
                    ok=False,
                    error=redact(str(error)),
                    step=getattr(error, "step", None),
                    url=self.screen.url,
                    took_s=self.walk.now() - start,
                ),
                evidence=picture,
            )
            raise
        self.note(
            ActionDone(
                name=action,
                args=shown,
                ok=True,
                url=self.screen.url,
                took_s=self.walk.now() - start,
                table=redact_table(came) if isinstance(came, Table) else None,
            ),
            evidence=self.walk.keep(came),
        )
        return came

    async def try_do(self, action: str, **args: Any) -> bool:
        """Like `do`, but a refusal is an answer: False."""
        try:
            await self.do(action, **args)
        except SubjectError:
            return False
        return True

    def _acting(self) -> None:
        """Something is about to be done to the platform."""

    async def _picture(self) -> tuple[str, ...]:
        try:
            return (self.walk.ledger.evidence.put(await self.screen.screenshot(), "png"),)
        except SubjectError:
            return ()

    async def keep_picture(self, fact: Fact) -> None:
        """Write a fact with a picture of the page as it looks now."""
        self.note(fact, evidence=await self._picture())

    async def stimulate(self, fact: Stimulus) -> None:
        """Write down a stimulus with a picture of what the page made of it."""
        await self.keep_picture(fact)
