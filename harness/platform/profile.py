"""A profile as loaded: references resolved, accounts and lessons at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.errors import Unsupported
from harness.model.profile import Profile
from harness.model.reading import Action, Reading
from harness.platform.base import CONTRACT
from harness.platform.checks import texts
from harness.platform.secrets import Secret
from harness.platform.templates import placeholders
from harness.platform.yaml_lines import Document

if TYPE_CHECKING:
    from harness.platform.adapter import Adapter


@dataclass(frozen=True, slots=True)
class Account:
    """A test person's account. It shows as its id; the password only when asked for."""

    id: str
    role: str
    username: str
    secret: Secret | None = None
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict, hash=False)
    newcomer: bool = False
    """Consent and the photograph on file are still to come."""

    def part(self, name: str) -> object:
        """What a template's `{account.NAME}` means."""
        if name == "password":
            return None if self.secret is None else self.secret.reveal()
        if name in ("id", "role", "username", "name"):
            return getattr(self, name)
        return self.attributes.get(name)

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that walks may use; it shows as its id."""

    id: str
    title: str = ""
    duration_s: float | None = None
    """Length in seconds; None: not known beforehand."""
    course: str | None = None
    vars: dict[str, str] = field(default_factory=dict, hash=False)
    test_course: bool = False
    """Is it a lesson of the test course, which a walk finishes?"""

    def part(self, name: str) -> object:
        """What a template's `{lesson.NAME}` means."""
        if name in ("id", "title", "duration_s", "course"):
            return getattr(self, name)
        return self.vars.get(name)

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """Everything that a run needs to know about its subject."""

    model: Profile
    path: Path
    digest: str
    """SHA-256 over the profile and its adapter; not over the subject file, which differs from start to start."""
    base_url: str
    subject: dict[str, Any]
    """The subject file's JSON; empty without one."""
    accounts: dict[str, tuple[Account, ...]]
    """By role, in the order written."""
    lessons: tuple[Lesson, ...]
    document: Document
    """The file's lines, for messages."""
    people: Path | None = None
    """Folder of the test persons; None: no camera."""
    adapter: Adapter | None = None
    consents: dict[str, str] = field(default_factory=dict)
    """By test person: where the consent of somebody who takes part in person is; empty with rendered persons."""

    def where(self, *loc: str | int) -> str:
        """File and line of a part of the profile."""
        return self.document.where(loc)

    def person_of(self, account: Account) -> str | None:
        """Id of the test person that an account is before the camera; None without a camera."""
        persons = self.model.persons
        if persons is None or self.people is None or account.role != "learner":
            return None
        return account.attributes.get(persons.named_by)

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that requests of ours may go to; without an authorization only the subject's own."""
        if self.model.authorization is not None:
            return frozenset(self.model.authorization.hosts)
        return frozenset({urlsplit(self.base_url).netloc})

    @property
    def described(self) -> frozenset[str]:
        """Names of the contract that the profile or its adapter describes."""
        return self.model.described | (self.adapter.names if self.adapter is not None else frozenset())

    def _presence(self) -> dict[str, Any]:
        """Who is before the cameras in person; nothing where they are rendered."""
        persons = self.model.persons
        if persons is None or not persons.human:
            return {}
        return {
            "presence": {
                "kind": persons.presence,
                "camera": persons.camera or "",
                "assessor": persons.assessor or "",
                "walks": persons.walks,
                "consent": dict(self.consents),
            }
        }

    def action(self, role: str, name: str) -> Action:
        """How a role does an action. Raises Unsupported."""
        own = self.model.roles[role].actions if role in self.model.roles else {}
        found = own.get(name) or self.model.actions.get(name)
        if found is None:
            raise Unsupported(
                f"the profile does not describe {name}", where=self.path.name, expected=f"actions: {name}:"
            )
        return found

    def reading(self, name: str) -> Reading:
        """How a reading is made. Raises Unsupported."""
        found = self.model.readings.get(name)
        if found is None:
            raise Unsupported(
                f"the profile does not describe {name}", where=self.path.name, expected=f"readings: {name}:"
            )
        return found

    def uses(self, reading: str, argument: str) -> bool:
        """Does a reading depend on an argument of the contract? One that the profile never names filters nothing; what
        an adapter's reading does with it is the adapter's.
        """
        if self.adapter is not None and self.adapter.reading(reading) is not None:
            return True
        how = self.model.readings.get(reading)
        paths = [p.path for _, text in texts(how, ()) for p in placeholders(text)] if how is not None else []
        return any(path[0] == argument or path[:2] == ("args", argument) for path in paths)

    def facts(self) -> dict[str, Any]:
        """The part for the ledger and the judges: plain JSON, no secret and no account."""
        model = self.model
        described = sorted(self.described)
        return {
            "digest": self.digest,
            "subject": model.subject.model_dump(mode="json") | {"base_url": self.base_url},
            "assessment": model.assessment,
            "authorization": None if model.authorization is None else model.authorization.model_dump(mode="json"),
            "parties": model.parties.model_dump(mode="json"),
            "identity_source": model.identity_source,
            "policy": model.policy.facts(),
            "absent": [entry.model_dump(mode="json") for entry in model.absent],
            "channels": dict(model.channels),
            "credit_sources": dict(model.credit_sources),
            "course": {"id": model.course.id, "title": model.course.title, "hours": model.course.hours},
            "lessons": [
                {
                    "id": x.id,
                    "title": x.title,
                    "course": x.course,
                    "duration_s": x.duration_s,
                    **({"test_course": True} if x.test_course else {}),
                }
                for x in self.lessons
            ],
            "accounts": {role: len(accounts) for role, accounts in self.accounts.items()},
            "camera": self.people is not None,
            **self._presence(),
            "has_action": [name for name in described if CONTRACT[name].kind == "action"],
            "has_reading": [name for name in described if CONTRACT[name].kind == "reading"],
        }
