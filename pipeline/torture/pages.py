"""Pages at random: nested, broken, with labels, tables and dates, as nobody writes them."""

from __future__ import annotations

import random

_BLOCKS = ["div", "p", "ul", "li", "table", "tr", "td", "th", "dl", "dt", "dd", "pre", "form"]
_PARTS = ["section", "article", "aside", "nav", "header", "footer", "main", "html", "body"]
_WITHIN = ["span", "b", "i", "a", "h1", "h2", "time", "q", "br", "img", "button"]
_UNSEEN = ["script", "style", "title", "meta"]
_TAGS = (*_BLOCKS, *_PARTS, *_WITHIN, *_UNSEEN)
_ATTRIBUTES = (
    "",
    "",
    "",
    ' class="field__label"',
    ' class="field"',
    ' class="share-buttons"',
    ' class="related"',
    ' class="footer"',
    ' hidden=""',
    ' style="display:none"',
    ' href="mailto:aino@kivijoki.example?subject=x"',
    ' href="https://example.org"',
    ' itemprop="datePublished"',
    ' datetime="2024-02-30"',
    ' property="og:title" content="Hanke | Kivijoki"',
    ' role="main"',
    ' data-cfemail="zz"',
)
_WORDS = (
    "Hanke ",
    "alkaa ",
    "Julkaistu ",
    "Päivitetty: ",
    "24.5.2023 ",
    "\n",
    "   ",
    "Kivijoen kunta",
    "&auml;",
    "&#0;",
    "<",
    "&",
    "Rahoittaja:",
    "aino@kivijoki.example",
    "x" * 90,
    "Lue myös",
    "",
)


def page(chance: random.Random, most: int = 60) -> str:
    """A page of at most so many tags and as many words, opened and closed as they come."""
    parts = ["<!doctype html><html><body>"] if chance.random() < 0.5 else []
    open_tags: list[str] = []
    for _ in range(chance.randrange(1, most)):
        draw = chance.random()
        if draw < 0.45:
            tag = chance.choice(_TAGS)
            parts.append(f"<{tag}{chance.choice(_ATTRIBUTES)}>")
            open_tags.append(tag)
        elif draw < 0.75 and open_tags:
            parts.append(f"</{open_tags.pop()}>")
        elif draw < 0.8:
            parts.append(f"</{chance.choice(_TAGS)}>")
        parts.append(chance.choice(_WORDS))
    return "".join(parts)
