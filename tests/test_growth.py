"""Long and strange texts take time in proportion to their length: none hangs a run."""

from __future__ import annotations

import time

import pytest

from pipeline.annotate import Annotator
from pipeline.annotate.language import detect_language
from pipeline.contact_forms import email
from pipeline.read.html import page_text
from pipeline.read.page_tree import few_attributes, parse, short_spans
from pipeline.repair import repair
from pipeline.torture.hostile import BASE64, PROSE, repeated, texts

LENGTH = 40_000  # characters; what grows with their square takes minutes at such a length
SECONDS = 8.0  # a tenth of it is enough on a quiet core
HOSTILE = dict(texts(LENGTH))


@pytest.mark.parametrize("name", HOSTILE)
def test_repair_and_language_end_soon(name: str) -> None:
    started = time.perf_counter()
    detect_language(repair(HOSTILE[name]).text)
    assert time.perf_counter() - started < SECONDS


def test_an_inlined_picture_leaves_a_post_finnish() -> None:
    started = time.perf_counter()
    post = f"{PROSE}data:image/png;base64,{repeated(BASE64, 200_000)}\n{PROSE}"
    assert detect_language(post) == "fi"
    assert time.perf_counter() - started < SECONDS


def test_a_long_line_is_as_finnish_as_its_parts() -> None:
    assert detect_language(repeated(PROSE.replace("\n", " "), 50_000)) == "fi"


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("a \t <br> \n b", "a\nb"),
        ("a<br><br>\n\nb", "a\n\n\nb"),
        ("<p>a</p>   <br/>", "a"),
        ("\ufffdhtäri ja " + "\ufffdhtäri" * 3, "Ähtäri ja " + "ähtäri" * 3),
    ],
)
def test_what_was_made_faster_still_repairs(text: str, repaired: str) -> None:
    assert repair(text).text.strip() == repaired


def test_an_endless_word_is_annotated_soon_and_whole(annotator: Annotator) -> None:
    word = repeated("kylähankeyhdistys", 300_000)
    started = time.process_time()
    doc = annotator.annotate(f"Hanke {word} alkaa.")
    assert time.process_time() - started < SECONDS  # it grew with the square: minutes
    assert [(token.text, token.lemma_) for token in doc][:2] == [("Hanke", "hanke"), (word, word)]
    assert doc.text == f"Hanke {word} alkaa."


@pytest.mark.parametrize("attribute", ["a{}=b ", "a{} ", 'a{}=">" ', "a{}='<' "])
def test_an_element_of_many_attributes_is_read_soon(attribute: str) -> None:
    many = "".join(attribute.format(number) for number in range(100_000))
    started = time.process_time()
    assert page_text(f"<p {many}>Hanke alkaa.</p>") == "Hanke alkaa."
    assert time.process_time() - started < SECONDS  # it grew with the square: a minute


def test_an_element_of_few_attributes_keeps_them() -> None:
    page = '<p><a title="1 > 0" href="mailto:aino@kunta.example">Aino</a></p>'
    assert few_attributes(page) == page


@pytest.mark.parametrize("part", ["a", "a.", "a+", ".", "a-", "a@", "a@b", "a.b@"])
def test_addresses_are_looked_for_soon(part: str) -> None:
    text = f"{repeated(part, LENGTH)} aino@kunta.example"
    started = time.process_time()
    assert email().findall(text)[-1] == "aino@kunta.example"
    assert time.process_time() - started < SECONDS  # it grew with the square: 42 s


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Kysy: aino.aalto@kunta.example.", ["aino.aalto@kunta.example"]),
        ("Aino (ät) kunta.example", ["Aino (ät) kunta.example"]),
        ("aino at kunta.example, esa@k.example", ["aino at kunta.example", "esa@k.example"]),
        ("aino@k.example....esa@k.example", ["aino@k.example", "esa@k.example"]),
        (f"aino@k.example{'.' * 99}esa@k.example", ["aino@k.example", "esa@k.example"]),
        (f"{'a' * 99}@kunta.example", [f"{'a' * 99}@kunta.example"]),
    ],
)
def test_addresses_are_found_wherever_they_begin(text: str, addresses: list[str]) -> None:
    assert email().findall(text) == addresses


def test_cells_over_a_thousand_rows_and_columns_are_read_soon() -> None:
    row = '<tr><td rowspan="1000" colspan=1000>Hankkeen vetäjä on Aino.</td></tr>'
    started = time.process_time()
    text = page_text(f"<html><body><p>{PROSE}</p><table>{row * 200}</table></body></html>")
    assert time.process_time() - started < SECONDS  # it grew with what they span: 25 s
    assert text.count("Hankkeen vetäjä on Aino.") == 200


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2", "2"),
        ("'20'", "20"),
        ('"7"', "7"),
        ('""', ""),
        ("21", "20"),
        (' " 1000"', "20"),
        ("'&#49;000'", "20"),
    ],
)
def test_cells_span_twenty_rows_at_most(written: str, read: str) -> None:
    page = parse(short_spans(f"<table><tr><td RowSpan={written}>Hanke alkaa.</td></tr></table>"))
    assert page is not None
    assert [cell.get("rowspan") for cell in page.iter("td")] == [read]
