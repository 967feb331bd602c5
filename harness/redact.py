"""Masking secrets and personal numbers before anything reaches the disk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from harness.model.values import Table

MASK = "***"
ARG_LENGTH = 200
"""Characters that are kept of an argument."""
_STRONG = re.compile(
    r"(?i)passw|pwd|secret|token|authorization|cookie|csrf|xsrf|jwt|sess(ion)?[-_]?(id|key)|api[-_]?key|credential"
    r"|signature|captcha|密码|口令|令牌"
)
"""Whatever the rest of such a name is, its value is a secret."""
_WORDS = frozenset({"pass", "sign", "sig", "session", "sid", "ticket", "auth", "otp"})
"""Words that make a secret of a name when they stand alone or in camelCase: `sign` does, `design` doesn't."""
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAME = re.compile(r"""(?<![\w-])([\w-]+)(?:\\?["'])?\s*[:=：]\s*""")
_VALUE = re.compile(
    r""" (?P<open>\\?["']) .*? (?P=open)
       | (?:(?:bearer|basic|digest|negotiate)\s+)? [^\s"'&,;{}\[\]\\]+ """,
    re.I | re.X,
)
_LINE = re.compile(r"""[^\r\n"']+""")
_JWT_BEGINS = "eyJ"
_JWT = re.compile(rf"(?<![\w-])(?=[\w-]*?{_JWT_BEGINS}[\w-]{{8}})([\w-]+)\.[\w-]{{8,}}\.[\w-]*")
"""The whole word in which a token begins: from each place in it, one that has thousands would be read to its end."""
_USER = re.compile(r"(?<=://)[^/?#\s@]+@")
_ID18 = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
_ID15 = re.compile(r"(?<!\d)(\d{6})\d{6}(\d{3})(?!\d)")
_PHONE = re.compile(r"(?<!\d)((?:86)?1[3-9]\d)\d{4}(\d{4})(?!\d)")


def secret_name(name: str) -> bool:
    """Does a field of this name hold a password, a token, a signature or the like?"""
    return bool(_STRONG.search(name)) or any(part.lower() in _WORDS for part in _PARTS.findall(name))


def redact(text: str) -> str:
    """The text with tokens, identity numbers and mobile numbers masked; what remains tells them apart."""
    text = _JWT.sub(lambda found: found[1][: found[1].index(_JWT_BEGINS)] + MASK, text)
    text = _USER.sub(f"{MASK}@", text)
    text = _mask_values(text)
    text = _ID18.sub(r"\1********\2", text)
    text = _ID15.sub(r"\1******\2", text)
    return _PHONE.sub(r"\1****\2", text)


def redact_url(url: str) -> str:
    """The address without the values of secret query and fragment fields."""
    head, *fields = re.split(r"([?#&])", url)
    return redact("".join([head, *(_mask_field(field) for field in fields)]))


def redact_table(table: Table) -> Table:
    """A table without identity and telephone numbers, as it may be kept."""
    return Table(
        columns=table.columns, rows=tuple({name: redact(text) for name, text in row.items()} for row in table.rows)
    )


def redact_args(args: Mapping[str, Any]) -> dict[str, str]:
    """Arguments of an action or a reading as they may be kept: no secret, no personal number, of a file only its name
    or size."""
    return {key: MASK if secret_name(key) and value else _plain(value)[:ARG_LENGTH] for key, value in args.items()}


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    name = getattr(value, "name", "") if hasattr(value, "data") else ""
    return redact(name or str(value))


def _mask_field(field: str) -> str:
    name, equals, value = field.partition("=")
    return f"{name}={MASK}" if equals and value and secret_name(name) else field


def _mask_values(text: str) -> str:
    """Mask what follows a secret name and `:` or `=`; a cookie to the end of its line, for it holds many."""
    done, kept = 0, []
    for name in _NAME.finditer(text):
        if name.start() < done or not secret_name(name[1]):
            continue
        value = _VALUE.match(text, name.end())
        if value is None:
            continue
        quote = value["open"] or ""
        if not quote and "cookie" in name[1].lower():
            value = _LINE.match(text, name.end()) or value
        kept += [text[done : name.end()], quote, MASK, quote]
        done = value.end()
    return "".join([*kept, text[done:]])
