"""Texts without end in which every name, day and sum is another: what lists and reports are like.

A repeated piece finds code that is slow for one long word or many equal ones; these find code that
looks at all names for each name. The names are syllables put together; nobody is meant.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

_SYLLABLES = ("ka", "ki", "lo", "mä", "nu", "pe", "ra", "sa", "te", "va", "ju", "ho", "ny", "li")
_GIVEN = ("Aino", "Matti", "Liisa", "Kaisa", "Jussi", "Pekka", "Sanna", "Tero", "Ville", "Outi")
_TITLES = (
    "projektipäällikkö",
    "toimitusjohtaja",
    "professori",
    "kehityspäällikkö",
    "suunnittelija",
)


class Names:
    """Draws names, days and sums by a seed."""

    def __init__(self, seed: str) -> None:
        self.draw = random.Random(seed)

    def word(self, syllables: int = 3) -> str:
        """A word in lower case."""
        return "".join(self.draw.choice(_SYLLABLES) for _ in range(syllables))

    def place(self) -> str:
        """A word with a capital."""
        return self.word().capitalize()

    def person(self) -> str:
        """A given and a family name."""
        family = self.place() + self.draw.choice(("nen", "la", "mäki", "niemi"))
        return f"{self.draw.choice(_GIVEN)} {family}"

    def titled(self) -> str:
        """A title and a person."""
        return f"{self.draw.choice(_TITLES)} {self.person()}"

    def body(self) -> str:
        """A firm, a municipality, a school, a foundation or an association."""
        ends = (f" {self.word(2)} Oy", "n kunta", "n ammattikorkeakoulu", "säätiö", "n yhdistys ry")
        return self.place() + self.draw.choice(ends)

    def project(self) -> str:
        """A project's name with its head."""
        middle = self.draw.choice(("", " ", " – "))
        return f"{self.place()}{middle}{self.word(2)}{' ' if middle else ''}-hanke"

    def day(self) -> str:
        """A day."""
        draw = self.draw.randint
        return f"{draw(1, 28)}.{draw(1, 12)}.{draw(2010, 2030)}"

    def money(self) -> str:
        """A sum of euros."""
        draw = self.draw.randint
        return f"{draw(10, 990)} 000 euroa"

    def sentence(self) -> str:
        """One of what announcements say."""
        return self.draw.choice(_SENTENCES)(self)

    def prose(self) -> str:
        """A paragraph."""
        count = self.draw.randint(3, 6)
        return " ".join(self.sentence() for _ in range(count)) + "\n\n"


_SENTENCES: tuple[Callable[[Names], str], ...] = (
    lambda n: (
        f"{n.body()} käynnistää hankkeen {n.place()} {n.word(2)}, jota asukkaat suunnittelevat."
    ),
    lambda n: f"{n.project()} alkaa {n.day()} ja päättyy {n.day()}.",
    lambda n: f"Hanketta rahoittaa {n.body()} {n.draw.randint(10, 990)} 000 eurolla.",
    lambda n: f"Hankkeen kokonaisbudjetti on {n.money()}, josta {n.body()} maksaa 40 prosenttia.",
    lambda n: f"Lisätietoja antaa {n.titled()}, p. 040 {n.draw.randint(1_000_000, 9_999_999)}.",
    lambda n: f"Mukana ovat {n.body()}, {n.body()} ja {n.body()}.",
    lambda n: f"Uusi toiminta tukee nuoria, sanoo {n.titled()} {n.place()}n kunnasta.",
    lambda n: "Tavoitteena on vähentää päästöjä alueella.",
)

#: What makes the next piece of a text, by a name of the kind.
KINDS: Mapping[str, Callable[[Names], str]] = {
    "varied prose": Names.prose,
    "varied prose in one line": lambda n: n.prose().replace("\n", " "),
    "other projects": lambda n: f"{n.project()} jatkuu. ",
    "other bodies": lambda n: f"{n.body()}, ",
    "bodies that pay": lambda n: f"{n.body()} rahoittaa hanketta.\n",
    "other days": lambda n: f"{n.day()} ",
    "periods": lambda n: f"Hanke alkaa {n.day()} ja päättyy {n.day()}. ",
    "other sums": lambda n: f"Hankkeen budjetti on {n.money()}. ",
    "other people": lambda n: f"{n.titled()}, ",
    "leaders": lambda n: f"Hanketta johtaa {n.titled()}. ",
    "headings and sentences": lambda n: f"{n.project()}\n\n{n.sentence()}\n\n",
    "headings alone": lambda n: f"{n.place()} {n.word()}\n\n",
    "cards": lambda n: (
        f"Hankkeen nimi: {n.project()}\nRahoittaja: {n.body()}\nKesto: {n.day()} – {n.day()}\n"
        f"Budjetti: {n.money()}\nYhteyshenkilö: {n.person()}\n\n"
    ),
    "rows of a table": lambda n: f"{n.project()} | {n.body()} | {n.money()} | {n.day()}\n",
    "grants": lambda n: f"{n.body()}, {n.money()}, {n.place()} {n.word(2)} -hanke\n",
    "other addresses": lambda n: f"{n.word()}.{n.word()}@{n.word()}.example ",
    "sequels": lambda n: f"{n.place()}-hanke on jatkoa {n.place()}-hankkeelle. ",
}


def varied(kind: str, length: int) -> str:
    """A text of so many characters of a kind; a longer one begins as a shorter one does."""
    names, pieces, size = Names(kind), list[str](), 0
    while size < length:
        pieces.append(KINDS[kind](names))
        size += len(pieces[-1])
    return "".join(pieces)[:length]


def varied_texts(length: int) -> Iterator[tuple[str, str]]:
    """Every kind's text of so many characters with its name."""
    for kind in KINDS:
        yield kind, varied(kind, length)
