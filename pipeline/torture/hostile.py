"""Texts that make careless code slow: each is a short piece, repeated to whatever length is asked.

They are letters of announcements, not of regular expressions: what a rule can meet in bad exports,
pasted tables, inlined pictures and broken encodings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

PROSE = (
    "Kivijoen kunta käynnistää vuonna 2024 hankkeen Elävä kylä, jossa nuoret ja ikäihmiset "
    "suunnittelevat palveluja yhdessä. Hanketta rahoittaa Euroopan aluekehitysrahasto 120 000 "
    "eurolla, ja se päättyy 31.12.2026. Projektipäällikkönä toimii Aino Esimerkki "
    "(aino.esimerkki@kivijoki.example, p. 040 123 4567).\n\n"
)
BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAUA+/AAAFCAYAAACNbyblAAAAHElEQVQI12P4"

#: A piece by its name. Whole announcements are made of it by repeating it.
PIECES: Mapping[str, str] = {
    "prose": PROSE,
    "one line of prose": PROSE.replace("\n", " "),
    "letters without a space": "a",
    "capitals without a space": "HANKE",
    "digits": "1234567890",
    "an inlined picture": BASE64,
    "blank lines": "\n",
    "spaces": " ",
    "blank lines with spaces": " \n\t\n",
    "short lines": "Aa\n",
    "short words": "Oy ",
    "names": "Aa Bb Cc ",
    "full names": "Aino Esimerkki, Matti Malli ja ",
    "dates": "1.1.2024 ",
    "dates with dashes": "1.1.–2.2.2024–",
    "months": "tammikuussa ",
    "years joined": "vuosina 2024–2026 ja ",
    "years": "2024–2026, ",
    "amounts": "1 000 000 € ",
    "labelled amounts": "Rahoitus: 5 000 € ",
    "groups of digits": "1 000 ",
    "numbers and points": "1.1.",
    "per cents": "50 % ja ",
    "projects": "Elävä kylä -hanke ",
    "quoted projects": "”Elävä kylä” -hanke, ",
    "bodies": "Kivijoen kunta ja ",
    "titles": "projektipäällikkö ",
    "titles and names": "johtaja Aino Esimerkki ",
    "places": "Kivijoki, Inari ja ",
    "addresses": "aino.esimerkki@kivijoki.example ",
    "an address without end": "aino.esimerkki@",
    "a host without end": "a.b-",
    "a name without end": "Kivijoki-",
    "underscores": "a_",
    "degrees": "FT, ",
    "a path without end": "kunta/",
    "links": "https://www.example.org/a?b=c ",
    "telephones": "040 123 4567, ",
    "labels": "Rahoittaja: Kivijoen kunta\n",
    "colons": "a: ",
    "a table": "Nimi | Summa | Vuosi\n",
    "columns": "Nimi      12 000      2024\n",
    "bullets": "- kohta\n",
    "opening brackets": "(",
    "brackets": "(a) ",
    "opening quotes": "”",
    "hyphens": "-",
    "divided words": "hank-\nkeen ",
    "question marks": "p??t?s ",
    "replacement characters": "p\ufffd\ufffdt\ufffds ",
    "misread capitals": "Ã ",
    "misread letters": "pÃ¤Ã¤tÃ¶s ",
    "misread thrice": "pÃƒÂ¤ÃƒÂ¤tÃƒÂ¶s ",
    "one misread run": "Ã¤",
    "dashes of lost bytes": "â ",
    "quotes of lost bytes": "âKukaan ei jää ",
    "DOS letters": "p„„t”s ",
    "entities": "&amp;",
    "nested entities": "&amp;amp;amp;auml; ",
    "tags": "<b>",
    "an open tag": "<span a=b ",
    "escapes": "\\u00e4",
    "quoted-printable": "=C3=A4",
    "combining accents": "a\u0308\u0301",
    "accents without end": "\u0308",
    "zero-width": "\u200b",
    "emoji": "😀 ",
    "full stops": ". ",
    "points without end": ".",
    "sentences": "Hän on. ",
    "relative clauses": "jota rahoittaa kunta, ",
    "Swedish": "Kommunen inleder ett projekt. ",
}

#: What is repeated between a beginning and an end that are there once.
BETWEEN: Mapping[str, tuple[str, str, str]] = {
    "spaces after a tag": ("<b>", " ", "x"),
    "an attribute without end": ("<p ", "a=b ", ""),
    "an address behind a long word": ("", "a", "@b.example"),
    "a long word, then a divided one": ("", "a", ",hank-\nkeen"),
    "lost capitals": ("", "Ãb ", ""),
    "lost names in one word": ("", "\ufffdht\ufffdri", ""),
    "an opening bracket": ("(", "a ", ""),
    "an opening quote": ("”", "Aa ", ""),
    "a label, then no value": ("Rahoittaja:", " ", ""),
    "a table without a row": ("Nimi |", " |", ""),
    "one sentence": ("Hanketta rahoittaa ", "Kivijoen kunta, ", "."),
}


def repeated(piece: str, length: int) -> str:
    """The piece repeated to so many characters."""
    return (piece * (length // len(piece) + 1))[:length]


def texts(length: int) -> Iterator[tuple[str, str]]:
    """Every hostile text of so many characters with its name."""
    for name, piece in PIECES.items():
        yield name, repeated(piece, length)
    for name, (head, piece, tail) in BETWEEN.items():
        yield name, head + repeated(piece, length - len(head) - len(tail)) + tail
