"""Masking secrets and personal numbers before anything reaches the disk."""

from __future__ import annotations

import re

MASK = "***"
SECRET_NAME = re.compile(
    r"(?i)(pass(word|wd)?|secret|token|authorization|cookie|session|csrf|sign(ature)?|api[-_]?key|jwt|ticket)"
)
_PAIR = re.compile(
    r"""(?ix) (["']?[\w-]*(?:passw(?:or)?d|secret|token|authorization|cookie|session[\w-]*|csrf[\w-]*|signature|jwt)
    ["']?\s*[:=]\s*["']?(?:Bearer\s+)?) ([^\s"'&,;}]{4,})"""
)
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_ID18 = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
_ID15 = re.compile(r"(?<!\d)(\d{6})\d{6}(\d{3})(?!\d)")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def redact(text: str) -> str:
    """The text with tokens, identity numbers and mobile numbers masked; what remains tells them apart."""
    text = _JWT.sub(MASK, text)
    text = _PAIR.sub(lambda m: m.group(1) + MASK, text)
    text = _ID18.sub(r"\1********\2", text)
    text = _ID15.sub(r"\1******\2", text)
    return _PHONE.sub(r"\1****\2", text)


def redact_url(url: str) -> str:
    """The address without the values of secret query fields."""
    head, mark, query = url.partition("?")
    if not mark:
        return redact(head)
    fields = []
    for field in query.split("&"):
        name, equals, value = field.partition("=")
        fields.append(f"{name}{equals}{MASK}" if equals and SECRET_NAME.search(name) else f"{name}{equals}{value}")
    return redact(head + "?" + "&".join(fields))
