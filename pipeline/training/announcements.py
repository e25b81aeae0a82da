"""Make labelled sentences like those of announcements, from templates and the lexicon's names."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from pipeline.annotate.ner import PART
from pipeline.lexicon import table
from pipeline.names import Case, inflect
from pipeline.names.candidates import Kind
from pipeline.training.corpora import Tagged

SLOT = re.compile(r"\{(\w+)(?: (\w+))?\}")
MONTHS = (
    "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu",
    "heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu",
)  # fmt: skip
UNLABELLED = frozenset({"project", "phrase"})
COMMON_NAMES = 4_000  # the commonest family names come most often
LABELS = {
    "person": "PERSON", "given": "PERSON", "family": "PERSON", "town": "GPE", "country": "GPE",
    "region": "LOC", "body": "ORG", "funder": "ORG", "fund": "ORG", "acronym": "ORG",
    "date": "DATE", "range": "DATE", "money": "MONEY", "percent": "PERCENT",
}  # fmt: skip

OUTER: dict[Case, Case] = {"Ine": "Ade", "Ela": "Abl", "Ill": "All"}

Piece = tuple[str, str]  # words with spaces between, and their label or ''


def announcements(count: int, seed: int) -> Iterator[Tagged]:
    """``count`` sentences and lines; the same seed gives the same ones."""
    maker = Maker(random.Random(seed))
    for _ in range(count):
        yield _tagged(maker.sentence())


def _tagged(pieces: list[Piece]) -> Tagged:
    forms: list[str] = []
    labels: list[str] = []
    for text, label in pieces:
        parts = [part for word in text.split() for part in PART.findall(word)]
        forms += parts
        labels += [f"{'I' if n else 'B'}-{label}" if label else "O" for n in range(len(parts))]
    return Tagged(tuple(forms), tuple(labels))


@dataclass(frozen=True)
class Maker:
    """Fills templates with names drawn at random."""

    draw: random.Random

    @cached_property
    def _data(self) -> dict[str, Any]:
        text = files(__package__).joinpath("announcements.toml").read_text(encoding="utf-8")
        return tomllib.loads(text)

    @cached_property
    def _places(self) -> dict[str, list[dict[str, str]]]:
        kinds: dict[str, list[dict[str, str]]] = {"municipality": [], "region": [], "country": []}
        for row in table("places"):
            if row["type"] in kinds:
                kinds[row["type"]].append(row)
        return kinds

    @cached_property
    def _bodies(self) -> list[dict[str, str]]:
        return [row for row in table("bodies") if "," not in row["name"]]

    @cached_property
    def _given(self) -> list[str]:
        return [row["name"] for row in table("names_given")]

    @cached_property
    def _family(self) -> list[str]:
        rows = sorted(table("names_family"), key=lambda row: int(row["rank"]))
        return [row["name"] for row in rows]

    def sentence(self) -> list[Piece]:
        """One filled template; two of three are prose."""
        kind = "prose" if self.draw.random() < 0.65 else "lines"
        return self._fill(self.draw.choice(self._data[kind]))

    def _fill(self, template: str) -> list[Piece]:
        pieces: list[Piece] = []
        at = 0
        for match in SLOT.finditer(template):
            pieces += self._plain(template[at : match.start()])
            kind, case = match[1], match[2] or "Nom"
            label = "" if kind in UNLABELLED else LABELS[kind]
            pieces.append((self._slot(kind, case), label))
            at = match.end()
        return pieces + self._plain(template[at:])

    def _plain(self, text: str) -> list[Piece]:
        """Words as they stand; those before ``@ORG`` are a body's name."""
        named, mark, rest = text.partition("@ORG")
        return [(named, "ORG"), (rest, "")] if mark else [(text, "")]

    def _slot(self, kind: str, case: Any) -> str:
        makers: dict[str, Callable[[Case], str]] = {
            "person": self._person,
            "given": lambda case: _inflected(self.draw.choice(self._given), case, "person"),
            "family": lambda case: _inflected(self._surname(), case, "person"),
            "town": lambda case: self._place("municipality", case),
            "region": lambda case: self._place("region", case),
            "country": lambda case: self._place("country", case),
            "body": self._body,
            "funder": self._known_body,
            "fund": lambda case: _inflected(
                self.draw.choice(["ESR", "EAKR", "Euroopan sosiaalirahasto", "JTF", "EU"]),
                case,
                "organisation",
            ),
            "acronym": lambda case: self.draw.choice(["STM", "THL", "OKM", "ELY", "TEM", "YM"]),
            "project": lambda case: self._project(),
            "phrase": lambda case: self.draw.choice(self._data["phrases"]),
            "date": lambda case: self._date(),
            "range": lambda case: self._range(),
            "money": lambda case: self._money(),
            "percent": lambda case: f"{self.draw.randrange(5, 100)} %",
        }
        return makers[kind](case)

    def _surname(self) -> str:
        names = self._family
        pool = names[:COMMON_NAMES] if self.draw.random() < 0.6 else names
        return self.draw.choice(pool)

    def _person(self, case: Case) -> str:
        given, family = self.draw.choice(self._given), self._surname()
        if self.draw.random() < 0.12:
            given += "-" + self.draw.choice(self._given)
        if self.draw.random() < 0.12:
            family = f"{self._surname()}-{family}"
        return f"{given} {_inflected(family, case, 'person')}"

    def _place(self, kind: str, case: Case) -> str:
        row = self.draw.choice(self._places[kind])
        if case == "Gen":
            return row["genitive"]
        return _inflected(
            row["name"], OUTER.get(case, case) if row["local"] == "outer" else case, "place"
        )

    def _body(self, case: Case) -> str:
        if self.draw.random() < 0.3:
            return self._known_body(case)
        kinds = self._data["bodies"]
        chosen = self.draw.choices(kinds, [kind["weight"] for kind in kinds])[0]["name"]
        name = SLOT.sub(lambda match: self._slot(match[1], match[2]), chosen)
        return _inflected(name, case, "organisation")

    def _known_body(self, case: Case) -> str:
        row = self.draw.choice(self._bodies)
        name = (
            row["name"][:1].upper() + row["name"][1:] if self.draw.random() < 0.3 else row["name"]
        )
        return _inflected(name, case, "organisation")

    def _project(self) -> str:
        name = self.draw.choice(self._data["projects"])
        second = self.draw.choice(self._data["projects"])
        shapes = (name, name, f"{name} {self.draw.randrange(2, 5)}", f"{name} ja {second}")
        return self.draw.choice(
            (*shapes, f"{name}{second.lower()}", name.upper(), f"{name}-{second}")
        )

    def _date(self) -> str:
        day, month = self.draw.randrange(1, 29), self.draw.randrange(1, 13)
        year = self.draw.randrange(2015, 2030)
        word = MONTHS[month - 1]
        return self.draw.choice(
            [
                f"{day}.{month}.{year}",
                f"{word}ssa {year}",
                f"{day}. {word}ta {year}",
                f"vuonna {year}",
            ]
        )

    def _range(self) -> str:
        year = self.draw.randrange(2015, 2028)
        start, end = self.draw.randrange(1, 13), self.draw.randrange(1, 13)
        dash = self.draw.choice([" – ", "–", "-", " - "])
        later = year + self.draw.randrange(1, 4)
        return self.draw.choice([f"1.{start}.{year}{dash}28.{end}.{later}", f"{year}{dash}{later}"])

    def _money(self) -> str:
        thousands, rest = (
            self.draw.randrange(2, 990),
            self.draw.choice(["000", "500", "250", "440"]),
        )
        return self.draw.choice(
            [
                f"{thousands} {rest} euroa",
                f"{thousands} {rest} €",
                f"{thousands / 100:.1f} milj. euroa",
            ]
        ).replace(".", ",", 0)


def _inflected(name: str, case: Case, kind: Kind) -> str:
    """The name in a case, or as it is where the inflector knows no such form."""
    if name.endswith((" ry", " Oy")):
        return name + {"Nom": "", "Gen": ":n", "All": ":lle", "Abl": ":ltä"}.get(case, ":ssä")
    try:
        return name if case == "Nom" else inflect(name, case, kind=kind)
    except KeyError:
        return name
