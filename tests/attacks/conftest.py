"""Attacks are tried in the same windows as the browser's own tests."""

from tests.browser.conftest import (  # noqa: F401
    _on_the_loop,
    foreign,
    loop,
    new_screen,
    pool,
    pytest_pyfunc_call,
    screen,
    served,
    site,
)
