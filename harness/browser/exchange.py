"""One request of a learner's page, and a walk over every value that it carries.

Platforms send their numbers as JSON, form, multipart or query fields, and JSON inside a form field. One walker serves
both for reading them and for changing them, so that what was learned can always be forged.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Leaf = Callable[[str, Any], Any]
"""Takes a value's path and the value, gives what should stand there."""
_PREFIX = re.compile(r"^\d+(?=[\[{])")  # what socket.io puts before its JSON
_PART = re.compile(
    r'(?P<head>content-disposition:[^\r\n]*\bname="(?P<name>[^"]*)"(?P<rest>[^\r\n]*)\r\n(?:[^\r\n]+\r\n)*\r\n)'
    r"(?P<value>.*?)(?=\r\n--)",
    re.I | re.S,
)


@dataclass(slots=True)
class Exchange:
    """One request and, once it came, the status of its answer."""

    t: float
    """Monotonic seconds."""
    method: str
    """HTTP method, or WS for a frame sent over a web socket."""
    url: str
    headers: dict[str, str]
    body: str | None
    type: str
    status: int | None = None


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """The leaves of a JSON value by dotted path."""
    found: dict[str, Any] = {}

    def keep(name: str, leaf: Any) -> Any:
        found[name] = leaf
        return leaf

    _json(value, path, keep)
    return found


def leaves(exchange: Exchange) -> dict[str, Any]:
    """Every value in a request's query and body, by `query:`, `json:` or `form:` and its name."""
    found: dict[str, Any] = {}

    def keep(name: str, leaf: Any) -> Any:
        found[name] = leaf
        return leaf

    rewrite(exchange, keep)
    return found


def rewrite(exchange: Exchange, leaf: Leaf) -> tuple[str, str | None]:
    """Address and body with every value put through `leaf`; what stays equal stays byte for byte."""
    parts = urlsplit(exchange.url)
    query = _pairs(parts.query, "query", leaf)
    url = exchange.url if query is None else urlunsplit(parts._replace(query=query))
    if not exchange.body:
        return url, exchange.body
    body = _body(exchange.body, leaf)
    return url, exchange.body if body is None else body


def _body(body: str, leaf: Leaf) -> str | None:
    """The changed body; None when nothing changed."""
    prefix = _PREFIX.match(body)
    start = prefix.group() if prefix else ""
    try:
        value = json.loads(body[len(start) :])
    except ValueError:
        return _multipart(body, leaf) if body.startswith("--") else _pairs(body, "form", leaf)
    changed = _json(value, "", lambda path, v: leaf(f"json:{path}", v))
    return None if changed == value else start + _dumps(changed)


def _pairs(text: str, place: str, leaf: Leaf) -> str | None:
    pairs = parse_qsl(text, keep_blank_values=True)
    times: Counter[str] = Counter()
    changed = []
    for name, value in pairs:
        again = f"#{times[name]}" if times[name] else ""  # a name may come more than once
        times[name] += 1
        changed.append((name, _field(f"{place}:{name}{again}", value, leaf)))
    return None if changed == pairs else urlencode(changed)


def _multipart(body: str, leaf: Leaf) -> str | None:
    def put(part: re.Match[str]) -> str:
        if "filename" in part["rest"].lower():
            return part.group()
        return part["head"] + _field(f"form:{part['name']}", part["value"], leaf)

    changed = _PART.sub(put, body)
    return None if changed == body else changed


def _field(path: str, text: str, leaf: Leaf) -> str:
    """A field's text; where it is JSON itself, its leaves are visited."""
    if text[:1] in ("{", "["):
        try:
            value = json.loads(text)
        except ValueError:
            return str(leaf(path, text))
        changed = _json(value, path, leaf)
        return text if changed == value else _dumps(changed)
    return str(leaf(path, text))


def _json(value: Any, path: str, leaf: Leaf) -> Any:
    join = f"{path}." if path and not path.endswith(":") else path
    if isinstance(value, dict):
        return {k: _json(v, f"{join}{k}", leaf) for k, v in value.items()}
    if isinstance(value, list):
        return [_json(v, f"{join}{i}", leaf) for i, v in enumerate(value)]
    return leaf(path, value)


def _dumps(value: Any) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
