"""No request of ours leaves for a host that the profile doesn't authorize, however its address is written."""

from __future__ import annotations

import pytest

from harness.browser.hosts import authorized, origin
from harness.errors import AuthorizationError

BASE = "https://learn.example/app/"
HOSTS = frozenset({"learn.example", "files.example:8443", "api.example:443"})


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("", "https://learn.example/app/"),
        ("lesson?id=1", "https://learn.example/app/lesson?id=1"),
        ("/login", "https://learn.example/login"),
        ("http://learn.example:8080/x", "http://learn.example:8080/x"),
        ("https://files.example:8443/x", "https://files.example:8443/x"),
        ("https://api.example/x", "https://api.example/x"),
        ("wss://learn.example/live", "wss://learn.example/live"),
        (" https://learn.example/x ", "https://learn.example/x"),
        ("about:blank", "about:blank"),
    ],
)
def test_allowed(url: str, target: str) -> None:
    assert authorized(BASE, url, HOSTS) == target


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/x",
        "https://learn.example.evil.example/",
        "https://learn.example@evil.example/",
        "https://evil.example\\@learn.example/",
        "https://files.example/x",
        "https://api.example:444/x",
        "https://learn.example:port/",
        "wss://evil.example/live",
        "file:///etc/passwd",
        "ftp://learn.example/x",
        "javascript:alert(1)",
        "data:text/html,x",
        "blob:https://learn.example/1",
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(AuthorizationError, match="does not authorize"):
        authorized(BASE, url, HOSTS)


def test_a_socket_belongs_to_the_origin_of_its_page() -> None:
    assert origin("wss://learn.example/live") == origin("https://learn.example/app")
    assert origin("ws://learn.example/live") != origin("https://learn.example/app")
