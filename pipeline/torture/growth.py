"""How time grows with length: twice the text, how many times the seconds, at every stage."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from pipeline.annotate import Annotator
from pipeline.annotate.language import detect_language
from pipeline.extract import extract
from pipeline.read.html import page_text
from pipeline.records import Announcement
from pipeline.repair import repair
from pipeline.torture.apart import Lost, apart
from pipeline.torture.hostile import texts
from pipeline.torture.varied import varied, varied_texts

MOST = 2.4  # times the seconds for twice the text
SHORT = 0.1  # seconds; shorter ones are all noise
AGAIN = 2  # times that a text is measured again when it seems slow
QUICK = 5.0  # seconds; what takes less is measured twice
Stage = Callable[[str], object]


@dataclass(slots=True)
class Grown:
    """Of one stage: texts tried, those slower than ``MOST``, the worst ratio, those never done."""

    texts: int = 0
    slow: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    worst: float = 0.0
    longest: float = 0.0
    left_out: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def lengthy(self, most: float) -> list[str]:
        """Texts of twice the length that took more than so many seconds."""
        return [f"{name} ({took:.0f} s)" for name, took in self.seconds.items() if took > most]


def stages(annotator: Annotator) -> dict[str, Stage]:
    """Every stage as a function of a text."""

    def whole(text: str) -> object:
        post = Announcement(doc_id="d", source="a.txt", raw_sha256="0", text=text)
        return extract(post, annotator.annotate(text))

    return {
        "read a page": lambda text: page_text(f"<div><p>{text}</p></div>"),
        "repair": repair,
        "language": detect_language,
        "annotate": annotator.annotate,
        "annotate and extract": whole,
    }


def growth(stage: Stage, length: int, seconds: float, limit: float) -> Grown:
    """Try a stage on every hostile and varied text of ``length`` and twice that.

    ``seconds`` are for all of them; one that takes longer than ``limit`` is given up.
    """
    grown = Grown()
    gc.collect()
    gc.freeze()  # as workers do
    deadline = time.monotonic() + seconds
    once, twice = (chain(varied_texts(size), texts(size)) for size in (length, 2 * length))
    pairs = list(zip(once, twice, strict=True))
    for (name, short), (_, long) in pairs:
        if time.monotonic() > deadline:
            grown.left_out = len(pairs) - grown.texts
            break
        _try(stage, name, short, long, limit, grown)
    return grown


def prose_growth(
    stage: Stage, lengths: tuple[int, ...], limit: float
) -> Iterator[tuple[int, float]]:
    """Seconds for prose of each length, until one is given up."""
    for length in lengths:
        text = varied("varied prose", length)
        try:
            seconds = apart(partial(timed, stage, text), limit)
            if seconds < QUICK:  # again, for somebody else may have been at work on the machine
                seconds = min(seconds, apart(partial(timed, stage, text), limit))
            yield length, seconds
        except Lost:
            return


def _try(stage: Stage, name: str, once: str, twice: str, limit: float, grown: Grown) -> None:
    grown.texts += 1
    try:
        first, second = (apart(partial(timed, stage, text), limit) for text in (once, twice))
        for _ in range(AGAIN):
            if second < SHORT or second / first <= MOST:
                break
            # Others at work on the machine take its caches: the better of a few.
            first, second = (
                min(seconds, apart(partial(timed, stage, text), limit))
                for seconds, text in ((first, once), (second, twice))
            )
    except Lost as lost:
        grown.unfinished.append(f"{name} ({lost})")
        return
    grown.longest = max(grown.longest, second)
    grown.seconds[name] = second
    if second < SHORT:
        return
    ratio = second / first
    grown.worst = max(grown.worst, ratio)
    if ratio > MOST:
        grown.slow.append(f"{name} ({ratio:.1f}x)")


def timed(stage: Stage, text: str) -> float:
    """Seconds of a processor that a stage takes: others at work on the machine don't count."""
    started = time.process_time()
    stage(text)
    return time.process_time() - started
