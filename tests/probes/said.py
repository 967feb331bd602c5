"""Is all that a finding says there in both languages?"""

from __future__ import annotations

import re

from harness.model.finding import Finding
from reports.labels import catalogue
from reports.view import named_in

ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
"""Two words one after another; a single one may be a name, a unit or a platform's own error."""


def in_both_languages(finding: Finding) -> None:
    """Raises AssertionError where a report would speak English to who reads Chinese."""
    for told in (finding.observed, *finding.accepted, *finding.refused):
        if isinstance(told, str):
            assert f"act.{named_in(told)}" in catalogue(), told
        else:
            assert told.zh != told.en
            assert not ENGLISH.search(told.zh), told.zh
            assert "(s)" not in told.en
            assert not re.search(r"(?<![\d.])1 \w+s\b", told.en), told.en
