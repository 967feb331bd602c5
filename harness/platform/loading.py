"""Reading a profile: validation with file and line, references resolved, nothing sent anywhere."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from harness.errors import ProfileError
from harness.model.profile import AccountEntry, Course, Profile, RoleEntry
from harness.platform.adapter import load_adapter
from harness.platform.checks import problems
from harness.platform.listed import Files, accounts, lessons, read_json
from harness.platform.profile import Account, Lesson, LoadedProfile
from harness.platform.readings import parse_bool
from harness.platform.secrets import resolve
from harness.platform.yaml_lines import Document, read_yaml

__all__ = ["LoadedProfile", "check_profile", "load_profile", "parse_profile"]


def parse_profile(path: Path) -> tuple[Profile, Document]:
    """Read and validate a profile without resolving anything. Raises ProfileError with file, line, got, expected."""
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise ProfileError("not a profile", where=document.where(), got="no mapping", expected="subject:, roles:, ...")
    # Keys like `x-login:` hold anchors for steps that several roles share.
    data = {key: value for key, value in document.data.items() if not str(key).startswith("x-")}
    try:
        profile = Profile.model_validate(data)
    except ValidationError as error:
        raise _invalid(error, document) from error
    found = problems(profile)
    if found:
        first = found[0]
        hint = " ".join(filter(None, (first.hint, _more(len(found)))))
        raise ProfileError(
            first.message, where=document.where(first.loc), got=first.got, expected=first.expected, hint=hint
        )
    return profile, document


def check_profile(path: Path, *, env: Mapping[str, str] = os.environ) -> tuple[Profile, Document]:
    """All that can be told before the subject runs: the profile is valid and its own credentials resolve.

    Raises ProfileError or SecretError, with file and line.
    """
    profile, document = parse_profile(path)
    for role, entry in profile.roles.items():
        if entry.accounts_from is None:
            _accounts(str(role), entry, Files(None, path.parent), env, document)
    return profile, document


def load_profile(
    path: Path | str,
    *,
    base_url: str | None = None,
    env: Mapping[str, str] = os.environ,
    subject: Mapping[str, Any] | None = None,
) -> LoadedProfile:
    """Read, validate and resolve a profile; every credential must resolve now, not in the middle of a run.

    `base_url` overrides the profile's; `subject` is used instead of the subject file (what `launch` printed).
    Raises ProfileError or SecretError, with file and line.
    """
    path = Path(path)
    profile, document = parse_profile(path)
    files = Files(subject if subject is not None else _subject(profile, document, env, path), path.parent)
    adapter = None
    digest = hashlib.sha256(path.read_bytes())
    if profile.adapter is not None:
        adapter = load_adapter(path.parent / profile.adapter, document.where(("adapter",)))
        digest.update((path.parent / profile.adapter).read_bytes())
    people = _people(profile, files, document)
    consents = _consents(profile, people, document, path.parent)
    return LoadedProfile(
        model=profile,
        path=path,
        digest=digest.hexdigest(),
        base_url=(base_url or _base_url(profile, files, document)).rstrip("/"),
        subject=dict(files.subject or {}),
        accounts={
            str(role): _newcomers(_accounts(role, entry, files, env, document), profile if people else None)
            for role, entry in profile.roles.items()
        },
        lessons=_marked(profile, _lessons(profile.course, files, document), document),
        document=document,
        adapter=adapter,
        people=people,
        consents=consents,
    )


def _newcomers(accounts: tuple[Account, ...], profile: Profile | None) -> tuple[Account, ...]:
    """The accounts, with those marked whose face the platform doesn't have yet; without a camera nobody is one."""
    name = profile.persons.enrolled_by if profile is not None and profile.persons is not None else None
    if name is None:
        return accounts
    return tuple(
        replace(one, newcomer=name in one.attributes and not parse_bool(one.attributes[name])) for one in accounts
    )


def _people(profile: Profile, files: Files, document: Document) -> Path | None:
    """The folder of the test persons, from the profile's or the subject file's own words; None for no camera."""
    if profile.persons is None or profile.persons.folder is None:
        return None
    where = document.where(("persons", "folder"))
    given = profile.persons.folder
    found = files.value(given, where) if given.startswith("subject:/") else given
    if found is None:
        return None
    folder = files.folder / str(found)
    if not folder.is_dir():
        raise ProfileError("no such folder of test persons", where=where, got=found, expected="a folder of pictures")
    return folder


def _consents(profile: Profile, people: Path | None, document: Document, folder: Path) -> dict[str, str]:
    """Where each person's consent is, as the ledger may say it: in words, or the digest of the signed paper.

    Whoever is in the folder may be called before the camera, so everybody there must have agreed.
    """
    persons = profile.persons
    if persons is None or not persons.human:
        return {}
    where = document.where(("persons", "folder"))
    if people is None:
        raise ProfileError("nobody to lead before a camera", where=where, got="null", expected="a folder of pictures")
    from harness.camera.people import ids

    there = ids(people)
    without = [name for name in there if name not in persons.consent]
    if without:
        raise ProfileError(
            "test persons without a consent",
            where=document.where(("persons", "consent")),
            got=", ".join(without),
            expected="an entry for everybody in the folder",
            hint="The form is docs/consent-form.md. Take the pictures of who has not signed out of the folder.",
        )
    unknown = sorted(set(persons.consent) - set(there))
    if unknown:
        raise ProfileError(
            "a consent of nobody in the folder",
            where=document.where(("persons", "consent", unknown[0])),
            got=", ".join(unknown),
            expected=", ".join(there) or "pictures in the folder",
        )
    return {
        name: _consent(text, folder, document.where(("persons", "consent", name)))
        for name, text in persons.consent.items()
    }


def _consent(text: str, folder: Path, where: str) -> str:
    if not text.startswith("file:"):
        return text
    try:
        signed = (folder / text.removeprefix("file:")).read_bytes()
    except OSError as error:
        raise ProfileError("consent cannot be read", where=where, got=text, expected=str(error.strerror)) from error
    return f"sha256:{hashlib.sha256(signed).hexdigest()}"


def _subject(profile: Profile, document: Document, env: Mapping[str, str], path: Path) -> Mapping[str, Any] | None:
    if profile.subject_file is None:
        return None
    where = document.where(("subject_file",))
    kind, _, name = profile.subject_file.partition(":")
    if kind == "env" and not env.get(name):
        raise ProfileError(
            "subject file unknown",
            where=where,
            got=f"{name} is not set",
            expected=f"{name}=PATH of the JSON file that describes the running subject",
            hint="`launch:` in the profile says what starts it." if profile.launch else "",
        )
    found = read_json(Path(env[name]) if kind == "env" else path.parent / name, where)
    if not isinstance(found, dict):
        raise ProfileError("not a subject file", where=where, got=type(found).__name__, expected="a JSON object")
    return found


def _base_url(profile: Profile, files: Files, document: Document) -> str:
    written = profile.subject.base_url
    if not written.startswith("subject:"):
        return written
    where = document.where(("subject", "base_url"))
    found = files.value(written, where)
    if not isinstance(found, str) or not found.startswith(("http://", "https://")):
        raise ProfileError("not an address", where=where, got=found, expected="http://HOST:PORT")
    return found


def _accounts(
    role: str, entry: RoleEntry, files: Files, env: Mapping[str, str], document: Document
) -> tuple[Account, ...]:
    if entry.accounts_from is not None:
        found = accounts(entry.accounts_from, role, files, document.where(("roles", role, "accounts_from")))
    else:
        found = tuple(_account(role, place, one, files, env, document) for place, one in enumerate(entry.accounts))
    _unique([one.id for one in found], document.where(("roles", role)))
    return found


def _account(
    role: str, place: int, entry: AccountEntry, files: Files, env: Mapping[str, str], document: Document
) -> Account:
    where = document.where(("roles", role, "accounts", place, "password"))
    secret = None
    if entry.password is not None:
        secret = resolve(entry.password, env=env, folder=files.folder, where=where)
    return Account(
        id=entry.id or entry.username,
        role=role,
        username=entry.username,
        secret=secret,
        name=entry.name or "",
        attributes=dict(entry.attributes),
    )


def _lessons(course: Course, files: Files, document: Document) -> tuple[Lesson, ...]:
    course_id = course.id
    if course_id is not None and course_id.startswith("subject:/"):
        course_id = str(files.value(course_id, document.where(("course", "id"))))
    if course.lessons_from is not None:
        found = lessons(course.lessons_from, course_id, files, document.where(("course", "lessons_from")))
    else:
        found = tuple(
            Lesson(one.id, one.title, one.duration, one.course or course_id, dict(one.vars)) for one in course.lessons
        )
    _unique([one.id for one in found], document.where(("course",)))
    return found


def _marked(profile: Profile, lessons: tuple[Lesson, ...], document: Document) -> tuple[Lesson, ...]:
    """The lessons, those of the test course marked."""
    wanted = profile.test_course.lessons if profile.test_course is not None else ()
    unknown = sorted(set(wanted) - {one.id for one in lessons})
    if unknown:
        raise ProfileError(
            "no such lesson in the course",
            where=document.where(("test_course", "lessons")),
            got=", ".join(unknown),
            expected=", ".join(one.id for one in lessons)[:200],
        )
    return tuple(replace(one, test_course=one.id in wanted) for one in lessons)


def _unique(ids: list[str], where: str) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ProfileError("an id stands twice", where=where, got=", ".join(twice), expected="each id once")


def _invalid(error: ValidationError, document: Document) -> ProfileError:
    """The mistake that says most: in a union every branch complains, and the deepest one knows what was meant."""
    details = _without_echoes(error.errors(include_url=False))
    first = max(details, key=lambda one: len(one["loc"])) if _same_place(details) else details[0]
    message, got, expected, hint = _explained(first)
    hint = " ".join(filter(None, (hint, _more(len({one["loc"] for one in details})))))
    return ProfileError(message, where=document.where(first["loc"]), got=got, expected=expected, hint=hint)


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A mistyped key is unknown and its right name is missing: one mistake, the unknown key."""
    mistyped = {one["loc"][:-1] for one in details if one["type"] == "extra_forbidden"}
    return [one for one in details if one["type"] != "missing" or one["loc"][:-1] not in mistyped]


def _same_place(details: list[ErrorDetails]) -> bool:
    heads = {one["loc"][:2] for one in details}
    return len(heads) == 1


def _explained(detail: ErrorDetails) -> tuple[str, object, object, str]:
    place = ".".join(str(part) for part in detail["loc"])
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "missing":
        return f"{place} is missing", "nothing", f"{name}:", ""
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, _every_key(), n=1)
        hint = f"Did you mean {near[0]}?" if near and near[0] != name else ""
        return f"unknown key {place}", name, "a key of the profile's schema", hint
    got = detail["input"]
    shown = repr(got)[:80] if isinstance(got, str | int | float | bool) or got is None else type(got).__name__
    if "password" in place:
        shown = "something else"  # whatever it is, it may be a password
    return place, shown, detail["msg"].removeprefix("Value error, "), ""


def _every_key() -> set[str]:
    names: set[str] = set()
    schema = Profile.model_json_schema()
    for part in [schema, *schema.get("$defs", {}).values()]:
        for form in [part, *part.get("anyOf", [])]:
            names.update(form.get("properties", {}))
    return names


def _more(count: int) -> str:
    return f"({count - 1} more to follow.)" if count > 1 else ""
