"""Do two places name the same person, or the same course? Pure."""

from __future__ import annotations

import re

from harness.platform.readings import normal

_MASK = re.compile(r"[*●•○]+")
_NUMERAL = re.compile(r"[0-9A-Za-z*●•○]{6,}")
_QUOTES = str.maketrans("", "", "《》〈〉「」“”\"'")


def alike(one: str, other: str) -> bool | None:
    """Do two texts agree as far as they are shown; None where a mask (`赵**`) leaves nothing to compare.

    Blanks, quotation marks and the forms of characters don't count: a PDF may hold 高 as ⾼ (U+2FBE), or in full width.
    """
    a, b = _shown(one), _shown(other)
    if len(a) == len(b) == 1:
        return a == b
    (head_a, tail_a), (head_b, tail_b) = (a[0], a[-1]), (b[0], b[-1])
    whole = next((x[0] for x in (a, b) if len(x) == 1), None)
    if whole is not None and len(whole) <= max(len(x[0]) + len(x[-1]) for x in (a, b) if len(x) > 1):
        return False
    heads, tails = min(len(head_a), len(head_b)), min(len(tail_a), len(tail_b))
    if not heads and not tails:
        return None
    return head_a[:heads] == head_b[:heads] and tail_a[len(tail_a) - tails :] == tail_b[len(tail_b) - tails :]


def numeral(text: str) -> str:
    """The document number in a cell that may also say what document it is; empty where none stands there."""
    found = _NUMERAL.search(normal(text))
    return found[0] if found else ""


def _shown(text: str) -> list[str]:
    """What stands before, between and after masks."""
    return _MASK.split("".join(normal(text).casefold().translate(_QUOTES).split()))
