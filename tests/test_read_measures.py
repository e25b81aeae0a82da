"""What is counted once of a page is what asking each element anew would say."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from pipeline.read.html import page_text, read_html
from pipeline.read.page_measures import Measures
from pipeline.read.page_tree import OWN_ADDRESS, is_cut, parse, text_of
from pipeline.torture.pages import page as random_page

SECONDS = 6.0  # a tenth of it is enough on a quiet core; what grows with the square takes minutes


@pytest.mark.parametrize("seed", range(60))
def test_measures_are_those_of_each_element(seed: int) -> None:
    page = parse(random_page(random.Random(seed)))
    if page is None:
        return
    measures = Measures(page)
    for element in page.iter():
        text = text_of(element)
        links = list(element.iter("a"))
        away = [a for a in links if not (a.get("href") or "").lower().startswith(OWN_ADDRESS)]
        headings = list(element.iter("h1", "h2", "h3", "h4", "h5", "h6"))
        assert measures.length(element) == len(text)
        assert measures.links(element) == len(links)
        assert measures.first_heading(element) == (text_of(headings[0]) if headings else "")
        assert measures.holds_title(element) == (next(element.iter("h1"), None) is not None)
        share = sum(len(text_of(a)) for a in away) / len(text) if text else 0.0
        assert measures.link_share(element) == share


def in_main(inside: str) -> str:
    return f"<html><body><main><h1>Otsikko</h1>{inside}</main></body></html>"


def nested(before: str, inside: str, after: str, levels: int) -> str:
    return in_main(before * levels + inside + after * levels)


FIELD = '<div class="field"><div class="field__label">Nimi</div><div>'


@pytest.mark.parametrize(
    "html",
    [
        nested(FIELD, "sana " * 500, "</div></div>", 40),
        nested("<table><tr><td>", "sana " * 200, "</td></tr></table>", 40),
        nested("<table><tr><th>Nimi</th><td>", "sana " * 200, "</td></tr></table>", 40),
        nested("<dl><dt>Nimi</dt><dd>", "sana " * 200, "</dd></dl>", 40),
        nested("<div class='share'>sana ", "", "</div>", 200),
        in_main("<div>" + "<time>1.1.2024</time> sana " * 10_000 + "</div>"),
        in_main("<span class='field__label'>Nimi</span><b>arvo</b>" * 10_000),
        in_main("<p>" + "<b></b>" * 30_000 + "</p>"),
        in_main("<article><h2><a href='x'>Muu</a></h2><p>juttu</p></article>" * 3_000),
        in_main("<table>" + "<tr><td>Nimi</td><td>arvo</td></tr>" * 5_000 + "</table>"),
    ],
    ids=[
        "fields", "layout tables", "label tables", "definition lists", "furniture",
        "times", "labels", "empty elements", "teasers", "rows",
    ],
)  # fmt: skip
def test_nested_and_long_pages_end_soon(html: str) -> None:
    started = time.perf_counter()
    assert read_html("sivu.html", html.encode()).text.startswith("Otsikko")
    assert time.perf_counter() - started < SECONDS


def test_what_stands_behind_the_end_of_a_page_is_read() -> None:
    html = "<html><body><p>Hanke alkaa.</p></body></html><p>Se päättyy.</p>"
    assert page_text(html) == "Hanke alkaa.\n\nSe päättyy."


@pytest.mark.parametrize("read", [page_text, lambda html: read_html("a.html", html.encode()).text])
def test_a_closing_tag_alone_is_no_page(read: Callable[[str], str]) -> None:
    assert read("</b>") == ""


def test_a_graph_that_is_a_number_is_no_date() -> None:
    data = (
        '<script type="application/ld+json">{"@graph": 5, "datePublished": "2024-05-24"}</script>'
    )
    post = read_html("a.html", f"<html><body>{data}<p>Hanke alkaa.</p></body></html>".encode())
    assert str(post.published) == "2024-05-24"


def test_what_the_parser_drops_is_known() -> None:
    deep = parse("<p>alku</p>" + "<div>" * 300 + "syvä")
    flat = parse("<p>alku</p>" + "<div>" * 100 + "syvä")
    assert deep is not None
    assert flat is not None
    assert is_cut(deep)
    assert not is_cut(flat)


def test_text_comes_in_the_order_of_the_page() -> None:
    page = parse("<p>yksi <b>kaksi <i>kolme</i></b> neljä</p>")
    assert page is not None
    assert text_of(page) == "yksi kaksi kolme neljä"
