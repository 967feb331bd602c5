"""The addresses to which we may send requests of our own."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from harness.errors import AuthorizationError

DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")
"""Browsers take a backslash for a slash and drop control characters, Python doesn't: the host would be another."""


def authorized(base_url: str, url: str, hosts: frozenset[str]) -> str:
    """The absolute address, if its host (`host` or `host:port`) is authorized.

    Raises AuthorizationError for other hosts and for anything that isn't a page of the web, but `about:blank`.
    """
    target = urljoin(base_url, url.strip())
    if target == "about:blank":
        return target
    parts = urlsplit(target)
    if parts.scheme in DEFAULT_PORTS and not _AMBIGUOUS.search(parts.netloc) and allowed(*_place(parts), hosts):
        return target
    raise AuthorizationError(
        "refused to send a request to a host that the profile does not authorize",
        where=target,
        got=parts.netloc or target,
        expected=", ".join(sorted(hosts)),
    )


def allowed(host: str | None, port: int | None, hosts: frozenset[str]) -> bool:
    """Is this host, or this host and port, among the authorized ones?"""
    return host is not None and (host in hosts or (port is not None and f"{host}:{port}" in hosts))


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port, with those of web sockets as their pages have them."""
    parts = urlsplit(url)
    return {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme), *_place(parts)


def _place(parts: SplitResult) -> tuple[str | None, int | None]:
    try:
        return parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:  # a port that is none
        return None, None
