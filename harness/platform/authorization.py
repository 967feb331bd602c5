"""Who allowed the test, and until when (design.md section 5). Checked before anything is sent."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from harness.errors import AuthorizationError
from harness.platform.profile import LoadedProfile

HINT = "Only ordinary use may be observed: run with --observe, or have the authorization renewed."


def require_authorization(profile: LoadedProfile, today: date) -> None:
    """Pass if attacks on this subject are allowed today.

    Raises AuthorizationError when there is no authorization, when it has expired (its last day counts), or when it
    does not name the subject's host.
    """
    given = profile.model.authorization
    where = profile.where("authorization")
    if given is None:
        raise AuthorizationError("no authorization", where=where, got="none", expected="authorization:", hint=HINT)
    if today > given.valid_until:
        raise AuthorizationError(
            "the authorization has expired",
            where=profile.where("authorization", "valid_until"),
            got=f"valid until {given.valid_until}, today is {today}",
            expected="a date not before today",
            hint=HINT,
        )
    parts = urlsplit(profile.base_url)
    if parts.hostname not in given.hosts and parts.netloc not in given.hosts:
        raise AuthorizationError(
            "the authorization does not name the subject's host",
            where=profile.where("authorization", "hosts"),
            got=parts.netloc,
            expected=", ".join(given.hosts),
            hint="Another address than the authorized one may belong to somebody else.",
        )
