"""Which project an announcement is about, and which ones it only looks back or forward to."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from pipeline import lexicon
from pipeline.extract.finds import EntityFind
from pipeline.extract.layout import Layout
from pipeline.patterns import Pattern

Named = Sequence[tuple[EntityFind, str]]
"""Finds of projects with the keys of their entities, in text order."""

STUDY = Pattern(r"selvity|tutkimu|pilot|kokeilu", re.IGNORECASE)
"""Heads of smaller undertakings, seldom what an announcement with other projects is about."""

ENDED = Pattern(r"(?<!\w)(?:päätty|loppui|loppuivat|toteutettiin|oli\b)", re.IGNORECASE)
"""Words of something that is over."""

_LONG = {"aan", "ään", "iin", "uun", "yyn", "oon", "öön", "uteen", "yteen", "seen"}
_PART_HEAD = Pattern(r"[\s-]-?(?:osa|ala|tytär)(?:hank|projekt|kokonaisuu)")
# "kolme osahanketta: …", "osahankkeet ovat …", up to where the search ends.
_PART_LIST = re.compile(
    r"\b(?:osa|ala|tytär)(?:hank|projekt|kokonaisuu)\w*(?:[^.:;\n]{0,50}:|\s(?:ovat|nimeltään))"
    r"[^.;\n]*$",
    re.IGNORECASE,
)
_LIST_CHARS = 1200  # before an item, within which what its list opens with is looked for
_BULLET = re.compile(r"\s*(?:[-–—•*·▪‣»]|\d{1,2}[.)])\s")
_PART_BEFORE = Pattern(
    r"\b(?:osa|ala|tytär)(?:hank|projekt|kokonaisuu)\w*\s(?:nimi\son\s)?$", re.IGNORECASE
)
_PART_AFTER = re.compile(
    r"(?:,|\s(?:on|oli|ovat))\s[^.;:,]{0,60}(?<!\w)(?:osa|ala|tytär)(?:hanke|projekti)(?!\w)"
)
_ENDINGS = {
    "lle": "All",
    "ssa": "Ine",
    "ssä": "Ine",
    "sta": "Ela",
    "stä": "Ela",
    "lta": "Abl",
    "ltä": "Abl",
    "lla": "Ade",
    "llä": "Ade",
    "ksi": "Tra",
    "na": "Ess",
    "nä": "Ess",
    "ta": "Par",
    "tä": "Par",
}


def case_of(text: str, mention: EntityFind) -> str:
    """Grammatical case of a mention as UD names it, read from the form of its last word.

    A name that stands as its entity is called, or with a head in the nominative, is ``Nom``.
    """
    shown = text[mention.start : mention.end].rstrip(")\"”'")
    if any(shown == name.name for name in mention.names):
        return "Nom"
    word = re.split(r"[\s–-]+", shown)[-1].casefold()
    if any(word.endswith(ending) for ending in _LONG):
        return "Ill"
    if word.endswith(("n", "nsa", "nsä", "mme")):
        return "Gen"
    found = next((case for ending, case in _ENDINGS.items() if word.endswith(ending)), None)
    if found is not None:
        return found
    return "Par" if re.search(r"(?:[aeiouyäö][aä]|(?:u|y|i)a)$", word) else "Nom"


def in_full(text: str, projects: Named) -> list[tuple[EntityFind, str]]:
    """The mentions by a whole name: a first word alone may mean anything before the name is said.

    ``Kymijoesta`` is no mention of ``Kymijoki kartalle`` that comes later.
    """
    said: set[str] = set()
    kept = []
    for mention, key in sorted(projects, key=lambda item: item[0].start):
        words = min(len(name.name.split()) for name in mention.names)
        part = mention.rule == "name-again" and (
            len(text[mention.start : mention.end].split()) < words
        )
        if not part:
            said.add(key)
        if not part or key in said:
            kept.append((mention, key))
    return kept


def looked_back_on(
    text: str, page: Layout, projects: Named, continuations: Sequence[tuple[str, str]]
) -> frozenset[str]:
    """Keys of projects that are only the past, or the planned future, of another one here.

    ``continuations`` are pairs of keys: the sequel, what it continues. Of two linked projects
    the one named more, or first, is what the announcement is about. Beside them a project is
    looked back on that is named in one paragraph only, in words of the past or of a lesson.
    """
    counts = Counter(key for _, key in projects)
    labelled = {key for m, key in projects if m.rule == "label:project_name"}
    order = {key: number for number, (_, key) in reversed(list(enumerate(projects)))}
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for find, key in projects:
        lines[key].add(_line(page, find.start))
    background = set()
    for sequel, earlier in continuations:
        source = (sequel in labelled, counts[sequel], -order[sequel])
        target = (earlier in labelled, counts[earlier], -order[earlier])
        background.add(earlier if source >= target else sequel)
    for find, key in projects:
        alone = len(lines[key]) == 1
        before, after = _around(text, find)
        past = order[key] > 0 and counts[key] == 1 and pattern("past").search(before)
        lesson = pattern("lesson").search(before) or pattern("lesson_after").match(after)
        late = order[key] > 0 or find.start > len(text) / 2
        if past or (alone and late and lesson):
            background.add(key)
    return frozenset(background - labelled)


def main_project(
    text: str,
    page: Layout,
    projects: Named,
    kinds: Mapping[str, str],
    background: frozenset[str],
) -> str | None:
    """The project a form is about, else the one with the most signs of being the subject.

    ``None`` where no project is named but ones that are looked back on late in the text.
    """
    labelled = [key for m, key in projects if m.rule == "label:project_name"]
    if len(set(labelled)) == 1:
        return labelled[0]
    real = [(m, key) for m, key in projects if kinds.get(key) != "programme"]
    scores = signs(text, page, [(m, key) for m, key in real if key not in background])
    if scores:
        return max(scores, key=lambda key: scores[key])
    return next((key for m, key in real if m.start < len(text) / 2), None)


def signs(text: str, page: Layout, projects: Named) -> dict[str, float]:
    """How much each project looks like the announcement's subject, by key.

    Every mention counts one, an early one two, a shortened name in passing a half. A title, a
    name given with its subtitle, and words of a beginning or a definition count more; a
    sub-project, and a study or pilot among projects, less.
    """
    scores: dict[str, float] = {}
    title = next((b for b in page.blocks if b.kind in {"heading", "paragraph"}), None)
    for mention, key in projects:
        early = mention.start < 0.2 * len(text)
        weight = 2.0 if early else 1.0
        shown = text[mention.start : mention.end]
        if mention.rule == "name-again" and not any(n.name in shown for n in mention.names):
            weight /= 2
        if title is not None and title.start <= mention.start < title.end:
            weight += 1
        if re.search(r"\s[–—-]\s", shown):
            weight += 1
        scores[key] = scores.get(key, 0.0) + weight
    for key in sub_projects(text, projects):
        scores[key] -= 4
    shown_as: defaultdict[str, list[str]] = defaultdict(list)
    for mention, key in projects:
        shown_as[key].append(text[mention.start : mention.end])
    for key in scores:
        if STUDY.search(" ".join(shown_as[key])):
            scores[key] -= 1
    return scores


def sub_projects(text: str, projects: Named) -> frozenset[str]:
    """Keys of projects that are said to be parts: ``X -osahanke``, ``osahanke X``.

    Also ``X, Y-hankkeen osahanke`` and ``X on osahanke``.
    """
    return frozenset(key for m, key in projects if _is_part(text, m))


def _is_part(text: str, mention: EntityFind) -> bool:
    shown = text[mention.start : mention.end]
    before = text[max(0, mention.start - 24) : mention.start]
    return bool(
        mention.rule == "label:sub"
        or _listed_as_part(text, mention)
        or _PART_HEAD.search(shown)
        or _PART_BEFORE.search(before)
        or _PART_AFTER.match(text, mention.end)
    )


def _listed_as_part(text: str, mention: EntityFind) -> bool:
    """``kolme osahanketta: X, Y ja Z``, in a row or as items below."""
    line = text.rfind("\n", 0, mention.start) + 1
    if _PART_LIST.search(text[line : mention.start]):
        return True
    near = text[max(0, line - _LIST_CHARS) : line]  # a long text is not copied for each mention
    above = near.splitlines() if _BULLET.match(text, line) else []
    opening = next((one for one in reversed(above) if one.strip() and not _BULLET.match(one)), "")
    return _PART_LIST.search(opening) is not None


@cache
def pattern(name: str) -> Pattern:
    """The words of ``lexicon/links.toml`` under ``name``, each at the beginning of a word."""
    words = lexicon.settings("links")[name]
    return Pattern(rf"(?<!\w)(?:{'|'.join(words)})", re.IGNORECASE)


def _around(text: str, find: EntityFind) -> tuple[str, str]:
    """The sentence's words before and after a mention."""
    opened = max(text.rfind(mark, 0, find.start) for mark in (". ", "! ", "? ", "\n"))
    closed = re.search(r"[.!?](?=\s)|\n|$", text[find.end :])
    end = find.end + (closed.start() if closed else 0)
    return text[max(0, opened) : find.start], text[find.end : end]


def _line(page: Layout, position: int) -> int:
    block = page.block(position)
    return -1 if block is None else block.start
