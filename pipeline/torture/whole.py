"""Whole announcements at random: repaired, annotated, extracted. None may fail or take long."""

from __future__ import annotations

import random
import time
from functools import partial

from pipeline.annotate import Annotator
from pipeline.overtime import Overran, within
from pipeline.records import Post
from pipeline.single import record
from pipeline.synthetic import compose
from pipeline.torture.fuzz import Fuzzed, text

LIMIT = 10.0  # seconds, for a page of text


def whole(annotator: Annotator, seed: str, seconds: float, most: int) -> Fuzzed:
    """Try ``most`` announcements, each drawn from the seed and its number, for so many seconds."""
    tried = Fuzzed()
    started = time.perf_counter()
    while tried.cases < most and time.perf_counter() - started < seconds:
        chance = random.Random(f"whole {seed} {tried.cases}")
        said = announcement(chance)
        post = Post(source="a.txt", raw_sha256="0" * 64, text=said)
        failure = None
        try:
            made = within(LIMIT, partial(record, post, annotator))
            if made.announcement.status == "failed":
                failure = f"{made.announcement.reason}: {said!r}"
        except Overran:
            failure = f"longer than {LIMIT:g} s: {said!r}"
        tried.add(failure)
    tried.seconds = time.perf_counter() - started
    return tried


def announcement(chance: random.Random) -> str:
    """A made-up announcement with sentences cut, doubled, shuffled, and noise between them."""
    sentences = compose(chance.randrange(1_000), chance.randrange(10_000)).split(". ")
    parts = []
    for sentence in sentences:
        draw = chance.random()
        if draw < 0.1:
            parts.append(sentence[: chance.randrange(len(sentence) + 1)])
        elif draw < 0.2:
            parts.append(text(chance))
        elif draw < 0.9:
            parts.append(sentence)
    if chance.random() < 0.3:
        chance.shuffle(parts)
    return ". ".join(parts)
