"""What a profile takes from a JSON file: the subject's address, its accounts and its lessons, by JSON pointer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import ProfileError, ReadingFailed
from harness.model.profile import Listed
from harness.platform.profile import Account, Lesson
from harness.platform.readings import parse_duration
from harness.platform.secrets import Secret

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Files:
    """The subject file's content, and the folder that other files are found from."""

    subject: Mapping[str, Any] | None
    folder: Path

    def value(self, reference: str, where: str) -> Any:
        """What `subject:/POINTER` or `file:PATH#/POINTER` points to. Raises ProfileError."""
        kind, _, rest = reference.partition(":")
        if kind == "subject":
            if self.subject is None:
                raise ProfileError(
                    "a value of the subject file is asked for, but there is no subject file",
                    where=where,
                    got=reference,
                    expected="subject_file: in the profile",
                )
            data, pointer = self.subject, rest
        else:
            name, _, pointer = rest.partition("#")
            data = read_json(self.folder / name, where)
        found = pointed(data, pointer)
        if found is ABSENT:
            raise ProfileError("nothing there", where=where, got=reference, expected="a JSON pointer that exists")
        return found


def read_json(path: Path, where: str) -> Any:
    """The content of a JSON file. Raises ProfileError."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileError("file cannot be read", where=where, got=f"{path} ({error.strerror})") from error
    except ValueError as error:
        raise ProfileError("file is not JSON", where=where, got=f"{path}: {error}", expected="JSON") from error


def pointed(data: Any, pointer: str) -> Any:
    """What an RFC 6901 pointer points to, or ABSENT."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(data, Mapping) and name in data:
            data = data[name]
        elif isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        else:
            return ABSENT
    return data


def accounts(listed: Listed, role: str, files: Files, where: str) -> tuple[Account, ...]:
    """The accounts in a file: username, password, name and id where they are called so; the rest are attributes."""
    return tuple(_account(item, role, where) for item in _items(listed, files, where))


def lessons(listed: Listed, course: str | None, files: Files, where: str) -> tuple[Lesson, ...]:
    """The lessons in a file: id, title, course, duration_s (or duration with a unit); the rest are vars."""
    return tuple(_lesson(item, course, where) for item in _items(listed, files, where))


def _items(listed: Listed, files: Files, where: str) -> list[dict[str, Any]]:
    found = files.value(listed.source, where)
    entries = found if isinstance(found, list) else [found]
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ProfileError(
            "not a list of objects", where=where, got=listed.source, expected="a JSON object, or a list of them"
        )
    return [_renamed(entry, listed.fields, where) for entry in entries]


def _renamed(entry: dict[str, Any], fields: Mapping[str, str], where: str) -> dict[str, Any]:
    item = {key: value for key, value in entry.items() if not isinstance(value, dict | list)}
    for name, pointer in fields.items():
        value = pointed(entry, pointer)
        if value is ABSENT:
            raise ProfileError(
                "nothing there", where=where, got=f"{name}: {pointer}", expected="a pointer into an item"
            )
        item[name] = value
    return item


def _account(item: dict[str, Any], role: str, where: str) -> Account:
    username = item.pop("username", None)
    if not isinstance(username, str):
        raise ProfileError("account without a username", where=where, got=", ".join(item), expected="username")
    password = item.pop("password", None)
    return Account(
        id=str(item.pop("id", username)),
        role=role,
        username=username,
        secret=None if password is None else Secret(str(password)),
        name=str(item.pop("name", "")),
        attributes=_texts(item),
    )


def _lesson(item: dict[str, Any], course: str | None, where: str) -> Lesson:
    if "id" not in item:
        raise ProfileError("lesson without an id", where=where, got=", ".join(item), expected="id")
    seconds, written = item.pop("duration_s", None), item.pop("duration", None)
    try:
        if written is not None:
            seconds = parse_duration(written)
        elif seconds is not None:
            seconds = float(seconds)
    except (ReadingFailed, TypeError, ValueError) as error:
        raise ProfileError("lesson's duration", where=where, got=written or seconds, expected="30min") from error
    own = item.pop("course", None)
    return Lesson(
        id=str(item.pop("id")),
        title=str(item.pop("title", "")),
        duration_s=seconds,
        course=course if own is None else str(own),
        vars=_texts(item),
    )


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in item.items() if value is not None}
