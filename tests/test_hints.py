"""Hints: what a pattern matches is never overlooked for want of a hint, and a hint is told in the stretch in which it begins."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credgap import cues, gates, sections, terms
from credgap.hints import Hints

PATTERNS = [
    (sections._HINTS, "legal", sections._LEGAL),
    (sections._HINTS, "benefit", sections._BENEFIT),
    (sections._HINTS, "company", sections._COMPANY),
    (sections._HINTS, "applying", sections._APPLYING),
    (sections._HINTS, "asking", sections._ASKING),
    (sections._HINTS, "following", sections._FOLLOWING),
    (cues.HINTS, "cue", cues._SOFTENED),
    (cues.HINTS, "degree", gates._DEGREE),
    (cues.HINTS, "clearance", gates._CLEARANCE),
    (cues.HINTS, "licence", gates._LICENCE),
    (cues.HINTS, "opener", terms._OPENER),
    (cues.HINTS, "examples", terms._EXAMPLES),
]


@pytest.mark.parametrize(("hints", "name", "pattern"), PATTERNS, ids=[name for _, name, _ in PATTERNS])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_a_pattern_matches_holds_one_of_its_hints(hints: Hints, name: str, pattern: re.Pattern[str], data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern, alphabet=st.characters(codec="ascii")))
    assert name in hints.in_stretches(text, [0])[0], pattern.search(text)


def test_a_hint_is_told_where_it_begins_and_one_with_a_blank_only_at_the_start_of_a_word() -> None:
    hints = Hints({"bar": (" bar",), "licence": ("licen",)})
    text = "barista, disbarred\n(bar) unlicensed\nno licence"
    assert hints.in_stretches(text, [0, 19, 36]) == [{"bar"}, {"bar", "licence"}, {"licence"}]
