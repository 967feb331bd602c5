"""What several tests of the self-test begin with."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from harness import cli


@pytest.fixture
def as_the_command_line_has_them() -> Iterator[None]:
    """Also where the tests were started in the background, where Ctrl-C is ignored."""
    before = [(n, signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM)]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, cli.stop)
    yield
    for number, handler in before:
        signal.signal(number, handler)
