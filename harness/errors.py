"""Everything that can go wrong on our side, and the exit code it ends in.

    XunjianError
    ├── UsageError              2  a wrong command, profile, standard or file
    │   ├── ProfileError           the profile cannot be read or is not valid
    │   ├── StandardError          a standard or overlay cannot be read or is not valid
    │   ├── LedgerError            a stored run cannot be read
    │   ├── TooEarly               a run in stages waits for what has not come yet
    │   ├── SecretError            a credential reference does not resolve
    │   └── AuthorizationError     the profile does not allow what was asked
    ├── RunLeft               130  somebody left a run before its end; it can be taken up again
    ├── NotDone                 4  what a person was asked to do before a camera was not done; a walk ends by it
    ├── NotYet                  4  what a later stage waits for has not come; a walk ends by it and is made once more
    ├── HarnessError            4  a fault of ours
    │   └── NothingJudged          an empty set was about to become a pass
    └── SubjectError               the platform did something; becomes an observation
        ├── StepFailed             an action's step was not possible at this place
        ├── Unsupported            the profile does not describe this action or reading
        └── ReadingFailed          a reading's page was there, its value was not understood

Messages say where, what was got, what was expected, and what to do.
"""

from __future__ import annotations


class XunjianError(Exception):
    """Base of all our errors; `exit_code` is what the command line ends with."""

    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        got: object = None,
        expected: object = None,
        hint: str = "",
    ) -> None:
        self.message = message
        self.where = where
        self.got = got
        self.expected = expected
        self.hint = hint
        super().__init__(self._text())

    def _text(self) -> str:
        parts = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.got is not None:
            parts.append(f"got {self.got}")
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        text = "; ".join(parts)
        return f"{text}. {self.hint}" if self.hint else text


class UsageError(XunjianError):
    """The person at the keyboard can mend it."""

    exit_code = 2


class RunLeft(XunjianError):
    """A run was left before its end (Ctrl-C); what was seen is kept, and it goes on with --resume."""

    exit_code = 130


class NotDone(XunjianError):
    """Somebody was asked to do something before a camera, and said that it can't be done, or did not answer.

    Neither the platform's doing nor a fault of ours: the walk ends, and what depends on it is INCONCLUSIVE. Not a
    SubjectError, so that no observer takes it for a refusal. `cannot`: it was said to be impossible, so asking again is
    no use.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        got: object = None,
        expected: object = None,
        hint: str = "",
        cannot: bool = False,
    ) -> None:
        self.cannot = cannot
        super().__init__(message, where=where, got=got, expected=expected, hint=hint)


class NotYet(XunjianError):
    """What a walk of a later stage looks for depends on people who have not done it yet: it comes once more later."""


class ProfileError(UsageError):
    """A profile that cannot be read or does not validate."""


class StandardError(UsageError):
    """A standard or an overlay that cannot be read or does not validate."""


class LedgerError(UsageError):
    """A stored run that cannot be read, or whose chain is broken."""


class TooEarly(UsageError):
    """A run in stages is taken up again before what it waits for has come; nothing is lost."""


class SecretError(UsageError):
    """A credential reference (env:, file:, keyring:) that does not resolve."""


class AuthorizationError(UsageError):
    """The profile's authorization does not cover what was asked; nothing was sent."""


class HarnessError(XunjianError):
    """Our own fault: INCONCLUSIVE(HARNESS_ERROR) for a probe, exit 4 for a command."""


class NothingJudged(HarnessError):
    """An empty set of findings is an error, never a pass."""


class SubjectError(XunjianError):
    """What the platform did or failed to do; always recorded, never a crash of ours."""


class StepFailed(SubjectError):
    """One step of an action was not possible; `step` counts from 1."""

    def __init__(
        self,
        message: str,
        *,
        step: int = 0,
        where: str = "",
        got: object = None,
        expected: object = None,
        hint: str = "",
    ) -> None:
        self.step = step
        super().__init__(message, where=where, got=got, expected=expected, hint=hint)


class Unsupported(SubjectError):
    """The profile does not describe this action or reading: INCONCLUSIVE(UNSUPPORTED)."""


class ReadingFailed(SubjectError):
    """A reading's place was found but its content was not understood."""
