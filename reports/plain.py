"""Text that a platform may have written, made harmless before it reaches any report.

Escaping for HTML or XML is the writer's work; here go the characters that no escaping helps against: controls that
break XML or terminals, and marks that turn or hide what stands around them.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 2000
"""Characters of one text in a report; the whole of it is in run.json."""
_KEPT = "\n"
_SPACES = re.compile(r"[ \t\u00a0\u3000]{3,}")
_EVIDENCE = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
_ACTIVE = frozenset({"html", "htm", "xhtml", "xht", "svg", "xml", "js", "mhtml", "mht", "hta", "exe", "bat", "sh"})


def clean(text: str, longest: int = LONGEST) -> str:
    """The text with every control, format, surrogate and private mark written out as `[U+202E]`, and cut to length.

    Controls (Cc), bidirectional and zero-width marks (Cf), surrogates (Cs), private use (Co), unassigned and
    noncharacters (Cn), line and paragraph separators. A line feed stays, a tab becomes a space.
    """
    cut = len(text) > longest
    shown = "".join(_shown(character) for character in text[:longest].replace("\r\n", "\n").replace("\t", " "))
    return _SPACES.sub("  ", shown) + ("…" if cut else "")


def _shown(character: str) -> str:
    if character in _KEPT:
        return character
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return f"[U+{ord(character):04X}]"
    return character


def one_line(text: str, longest: int = LONGEST) -> str:
    """`clean`, and on one line."""
    return " ".join(clean(text, longest).split())


def is_evidence_name(name: str) -> bool:
    """Is it a name that the evidence store gives: `<sha256>.<ext>`? Anything else is never made a link."""
    return _EVIDENCE.fullmatch(name) is not None


def is_active(name: str) -> bool:
    """Would opening the file run what a platform wrote?"""
    return name.rsplit(".", 1)[-1].lower() in _ACTIVE
