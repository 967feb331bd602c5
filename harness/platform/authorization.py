"""Who allowed the test, and until when (design.md section 5). Checked before anything is sent."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from harness.errors import AuthorizationError
from harness.model.profile import Authorization, Profile
from harness.platform.profile import LoadedProfile
from harness.platform.yaml_lines import Document

HINT = "Only ordinary use may be observed: run with --observe, or have the authorization renewed."


def require_in_force(profile: Profile, document: Document, today: date) -> Authorization:
    """The authorization, if there is one and it holds today (its last day counts); known before anything is started.

    Raises AuthorizationError.
    """
    given = profile.authorization
    if given is None:
        raise AuthorizationError(
            "no authorization",
            where=document.where(("authorization",)),
            got="none",
            expected="authorization:",
            hint=HINT,
        )
    if today > given.valid_until:
        raise AuthorizationError(
            "the authorization has expired",
            where=document.where(("authorization", "valid_until")),
            got=f"valid until {given.valid_until}, today is {today}",
            expected="a date not before today",
            hint=HINT,
        )
    return given


def require_authorization(profile: LoadedProfile, today: date) -> None:
    """Pass if attacks on this subject are allowed today.

    Raises AuthorizationError when no authorization is in force, or when it does not name the subject's host.
    """
    given = require_in_force(profile.model, profile.document, today)
    parts = urlsplit(profile.base_url)
    if parts.hostname not in given.hosts and parts.netloc not in given.hosts:
        raise AuthorizationError(
            "the authorization does not name the subject's host",
            where=profile.where("authorization", "hosts"),
            got=parts.netloc,
            expected=", ".join(given.hosts),
            hint="Another address than the authorized one may belong to somebody else.",
        )
