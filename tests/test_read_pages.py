"""Pages of several content systems: the main text, its title and dates, and nothing else."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipeline.read.container_dates import container_date
from pipeline.read.decode import NotText
from pipeline.read.html import page_text, read_html

PAGES = Path(__file__).parent / "cases" / "read_pages"
EXPECTED = tomllib.loads((PAGES / "expected.toml").read_text(encoding="utf-8"))
SHARED = Path(__file__).parents[2] / "shared" / "eval" / "announcements"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_main_text_title_and_dates(name: str) -> None:
    post = read_html(f"{name}.html", (PAGES / f"{name}.html").read_bytes())
    assert f"{post.text}\n" == (PAGES / f"{name}.txt").read_text(encoding="utf-8")
    expected = EXPECTED[name]
    assert post.title == expected["title"]
    assert post.published == expected.get("published")
    assert post.updated == expected.get("updated")


def test_every_page_is_tested() -> None:
    assert {page.stem for page in PAGES.glob("*.html")} == set(EXPECTED)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared announcements are not there")
def test_a_shared_page_keeps_dates_staff_and_contacts() -> None:
    post = read_html("b09.html", (SHARED / "b09.html").read_bytes())
    assert (post.published, post.updated) == (date(2023, 5, 24), date(2023, 5, 26))
    for kept in ("24.5.2023", "Hankejohtaja: ", "Lisätietoja: ", "Kaksi osahanketta\n\n"):
        assert kept in post.text
    for dropped in ("eväste", "Lue myös", "Facebook", "Tietosuoja", "Kuva:"):
        assert dropped not in post.text


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>Hanke alkaa.</p><p>Se päättyy.</p>", "Hanke alkaa.\n\nSe päättyy."),
        ("<ul><li>Kemi</li><li>Tornio</li></ul>", "Kemi\nTornio"),
        ("<ol><li><p>Ensin</p></li><li><p>Sitten</p></li></ol>", "Ensin\nSitten"),
        ("<p>Rahoittaja<br>Malli ry<br><br>Muuta</p>", "Rahoittaja\nMalli ry\n\nMuuta"),
        ("<dl><dt>Kesto:</dt><dd>2 v</dd></dl>", "Kesto: 2 v"),
        ("<p>Hän sanoi: <q>Hyvä!</q></p>", "Hän sanoi: ”Hyvä!”"),
        ("<time>24.5.2023</time><span>Uutiset</span>", "24.5.2023 Uutiset"),
        ("<p>hyvin<b>vointi</b>alue</p>", "hyvinvointialue"),
        ("<p>Teksti<script>var x;</script> jatkuu<!-- ei --></p>", "Teksti jatkuu"),
        ("<pre>Nimi\nOsoite</pre>", "Nimi\nOsoite"),
        ("<p>Ei paljoa <b>auki", "Ei paljoa auki"),
        ("", ""),
    ],
)
def test_fragments(fragment: str, text: str) -> None:
    assert page_text(fragment) == text


def test_a_page_in_cp1252() -> None:
    post = read_html("x.html", "<h1>Työtä – ja 5 €</h1><p>Hyvä</p>".encode("cp1252"))
    assert post.encoding == "cp1252"
    assert post.text == "Työtä – ja 5 €\n\nHyvä"


def test_a_page_that_a_script_fills() -> None:
    with pytest.raises(NotText, match="script"):
        read_html("x.html", b"<div id=app></div><script>start()</script>")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2023-05-24T09:30:00+03:00", date(2023, 5, 24)),
        ("2023-05-23T21:30:00Z", date(2023, 5, 24)),  # past midnight in Finland
        ("2023-05-24 09:30", date(2023, 5, 24)),
        ("2023-05-24", date(2023, 5, 24)),
        ("7.8.2019", date(2019, 8, 7)),  # day first
        ("Julkaistu 24.5.2023 klo 9.30", date(2023, 5, 24)),
        ("Wed, 24 May 2023 09:30:00 +0300", date(2023, 5, 24)),
        ("31.2.2023", None),
        ("eilen", None),
        ("2023", None),
        ("0001-01-01T00:00:00Z", None),  # a system's way to say that it does not know
        ("", None),
        (None, None),
        (20230524, None),
    ],
)
def test_container_dates(value: object, day: date | None) -> None:
    assert container_date(value) == day


def test_a_plain_day_of_publication_may_stand_in_the_foot_and_is_no_other_storys() -> None:
    def published(html: str) -> date | None:
        return read_html("sivu.html", f"<html><body>{html}</body></html>".encode()).published

    main = "<main><h1>Otsikko</h1><p>Hanke alkaa Kemissä.</p></main>"
    foot = "<footer><p>Julkaistu 28.2.2025</p></footer>"
    others = "<aside><p>Talo. Julkaistu 1.2.2025</p></aside>"
    assert published(main + foot) == date(2025, 2, 28)
    assert published(others + main + foot) == date(2025, 2, 28)
    assert published(others + main) is None
    assert published(f"{main}<p>Julkaistu 1.2.2025</p><p>Julkaistu 3.2.2025</p>") is None
    assert published(f'<span class="created">16.8.2021</span>{main}') == date(2021, 8, 16)
