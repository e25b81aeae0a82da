"""The kinds of files that people have: each is read, or its row says why it is not."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import docx
import fsspec
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.prepare import prepared
from pipeline.read import read_folder
from pipeline.records import Post, Unreadable

TEXT = "Kuusamäen kaupunki rakentaa uuden sillan."


def posts(folder: Path, columns: tuple[tuple[str, str], ...] = ()) -> list[Post | Unreadable]:
    return list(read_folder(folder, columns))


def one(folder: Path, name: str, raw: bytes | str) -> Post | Unreadable:
    """What the only file of a folder gives."""
    (folder / name).write_bytes(raw.encode() if isinstance(raw, str) else raw)
    (post,) = posts(folder)
    return post


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.markdown", "a.TEXT"])
def test_text_and_markdown_are_read_as_they_are(tmp_path: Path, name: str) -> None:
    post = one(tmp_path, name, f"# Silta\n\n{TEXT}")
    assert isinstance(post, Post)
    assert post.text == f"# Silta\n\n{TEXT}"


def test_a_word_document_gives_headings_lists_and_labels(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Uudet sillat"
    document.add_heading("Uudet sillat", level=1)
    document.add_paragraph(TEXT)
    document.add_paragraph("Kivijoen silta", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for at, (label, value) in enumerate([("Toteuttaja", "Kuusamäki"), ("Rahoitus", "10 000 €")]):
        table.cell(at, 0).text, table.cell(at, 1).text = label, value
    document.save(str(tmp_path / "silta.docx"))
    (post,) = posts(tmp_path)
    assert isinstance(post, Post)
    assert post.title == "Uudet sillat"
    assert post.text.split("\n\n")[:2] == ["Uudet sillat", TEXT]
    assert "Toteuttaja: Kuusamäki" in post.text


def pdf(*lines: str, title: str = "Uudet sillat") -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    canvas.setTitle(title)
    canvas.rect(72, 72, 200, 200)
    for at, line in enumerate(lines):
        canvas.drawString(72, 760 - 14 * at, line)
    canvas.save()
    return file.getvalue()


def test_a_pdf_gives_the_text_of_its_pages(tmp_path: Path) -> None:
    post = one(tmp_path, "silta.pdf", pdf(TEXT, "Se valmistuu syksyllä 2024."))
    assert isinstance(post, Post)
    assert (post.title, post.text) == ("Uudet sillat", f"{TEXT}\nSe valmistuu syksyllä 2024.")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("untitled", None),
        ("Untitled document 2", None),
        ("Nimetön asiakirja", None),
        ("Document1", None),
        ("PowerPoint-esitys", None),
        ("Microsoft Word - tiedote silta.doc", None),
        ("Silta 3.indd", None),
        (" ", None),
        ("12.3.", None),
        (" Asiakirjat talteen ", "Asiakirjat talteen"),
        ("Microsoft Kajaaniin", "Microsoft Kajaaniin"),
        ("Silta 2.0", "Silta 2.0"),
    ],
)
def test_what_a_program_puts_in_place_of_a_title_is_none(
    tmp_path: Path, said: str, title: str | None
) -> None:
    post = one(tmp_path, "silta.pdf", pdf(TEXT, title=said))
    assert isinstance(post, Post)
    assert post.title == title


def test_a_pdf_of_pictures_is_left_out_and_a_broken_one_fails(tmp_path: Path) -> None:
    pictures = one(tmp_path, "kuvat.pdf", pdf())
    assert isinstance(pictures, Unreadable)
    assert pictures.skipped
    broken = one(tmp_path, "kuvat.pdf", b"%PDF-1.7 nothing")
    assert isinstance(broken, Unreadable)
    assert not broken.skipped


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Uutiset</title>
<item><title>Silta</title><link>https://kuusamaki.example/silta</link><guid>s-1</guid>
<pubDate>Wed, 24 May 2023 23:30:00 +0300</pubDate><description>Lyhyesti.</description>
<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item>
</channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Uutiset</title>
<entry><id>s-1</id><title>Silta</title><link href="https://kuusamaki.example/silta"/>
<published>2023-05-24T23:30:00+03:00</published>
<content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""


@pytest.mark.parametrize(("name", "raw"), [("u.rss", RSS), ("u.atom", ATOM), ("u.xml", RSS)])
def test_entries_of_rss_and_atom_are_posts(tmp_path: Path, name: str, raw: str) -> None:
    post = one(tmp_path, name, raw)
    assert isinstance(post, Post)
    assert (post.source, post.title, post.text) == (f"{name}#s-1", "Silta", TEXT)
    assert (post.url, post.published) == ("https://kuusamaki.example/silta", date(2023, 5, 24))


ROW = {"id": "1", "text": TEXT, "published": "24.5.2023"}


@pytest.mark.parametrize("value", [[ROW], {"items": [ROW]}, ROW], ids=["array", "object", "post"])
def test_json_holds_posts_in_an_array_or_alone(tmp_path: Path, value: object) -> None:
    post = one(tmp_path, "u.json", json.dumps(value, indent=1))
    assert isinstance(post, Post)
    assert (post.source, post.text, post.published) == ("u.json#1", TEXT, date(2023, 5, 24))


def test_tab_separated_tables_are_feeds(tmp_path: Path) -> None:
    post = one(tmp_path, "u.tsv", f"id\ttext\n1\t{TEXT}\n")
    assert isinstance(post, Post)
    assert (post.source, post.text) == ("u.tsv#1", TEXT)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("u.csv", f"tunnus;Otsikko;teksti;text\n1;Silta;{TEXT};muuta\n"),
        ("u.json", json.dumps([{"tunnus": 1, "Otsikko": "Silta", "teksti": TEXT}])),
        ("u.jsonl", json.dumps({"tunnus": 1, "Otsikko": "Silta", "teksti": TEXT}) + "\n{broken"),
    ],
)
def test_other_column_names(tmp_path: Path, name: str, raw: str) -> None:
    (tmp_path / name).write_text(raw, encoding="utf-8")
    columns = (("teksti", "text"), ("otsikko", "title"), ("TUNNUS", "id"))
    post, *others = posts(tmp_path, columns)
    assert isinstance(post, Post)
    assert (post.source, post.title, post.text) == (f"{name}#1", "Silta", TEXT)
    assert all(isinstance(other, Unreadable) for other in others)


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("kuva.PNG", b"\x89PNG....", "a picture"),
        ("kaikki.zip", b"PK\x03\x04....", "an archive"),
        ("viesti.eml", b"Subject: Silta", "an e-mail"),
        ("vanha.doc", b"\xd0\xcf\x11\xe0", "save it as .docx"),
        ("LUE", b"Silta", "without a suffix"),
        ("tiedot.xyz", b"Silta", "of the kind .xyz"),
        ("kartta.xml", b"<urlset><url><loc>x</loc></url></urlset>", "neither RSS nor Atom"),
        ("asetukset.json", b'{"colour": "green"}', "JSON without posts"),
    ],
)
def test_what_is_not_read_is_skipped_with_the_reason(
    tmp_path: Path, name: str, raw: bytes, why: str
) -> None:
    post = one(tmp_path, name, raw)
    assert isinstance(post, Unreadable)
    announcement = prepared(post)
    assert announcement.status == "skipped"
    assert announcement.source == name
    assert (announcement.reason or "").startswith("not read: ")
    assert why in (announcement.reason or "")


def test_patterns_in_the_folder_take_files_out(tmp_path: Path) -> None:
    for name in ("a.txt", "luonnos-b.txt", "vanhat/c.txt", "vanhat/syvä/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / ".hankepoimuri-ignore").write_text("# ei näitä\nluonnos-*\nvanhat/\n")
    assert [post.source for post in posts(tmp_path)] == ["a.txt"]


def test_hidden_files_and_folders_are_not_read(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden.txt", ".git/b.txt", "vuosi/.c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [post.source for post in posts(tmp_path)] == ["a.txt"]


def test_one_file_is_an_input_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("Muuta.", encoding="utf-8")
    (post,) = posts(tmp_path / "a.md")
    assert post.source == "a.md"


def test_a_list_of_addresses(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/uutiset/silta": b"<html><body><p>Silta valmistuu.</p></body></html>"})
    (tmp_path / "oma.txt").write_text(TEXT, encoding="utf-8")
    listed = [(tmp_path / "oma.txt").as_uri(), "memory://uutiset/silta", "memory://uutiset/poissa"]
    (tmp_path / "lista.urls").write_text("\n".join(["# uutiset", *listed]), encoding="utf-8")
    own, gone, page = posts(tmp_path / "lista.urls")
    assert (own.source, page.source) == (listed[0], listed[1])
    assert isinstance(page, Post)
    assert page.text == "Silta valmistuu."
    assert isinstance(gone, Unreadable)


@pytest.mark.parametrize("name", ["posts.csv", "posts.json"])
def test_a_feed_that_has_our_columns_keeps_them_beside_one_that_has_others(
    tmp_path: Path, name: str
) -> None:
    row = {"id": "1", "title": "Kaivo kylään", "text": "Tervon kunta rakentaa kaivon kylään."}
    header, cells = ",".join(row), ",".join(row.values())
    written = json.dumps([row]) if name.endswith("json") else f"{header}\n{cells}"
    (tmp_path / name).write_text(written, encoding="utf-8")
    (post,) = posts(tmp_path, (("teksti", "text"), ("otsikko", "title")))
    assert isinstance(post, Post)
    assert (post.title, post.text) == (row["title"], row["text"])


FRONT = {
    "all that is read": (
        'title: "Uudet sillat: kaksi"\ndate: 2024-05-02\nupdated: 3.6.2024\n'
        "url: https://kuusamaki.example/sillat\n",
        TEXT,
        ("Uudet sillat: kaksi", "2024-05-02", "2024-06-03", "https://kuusamaki.example/sillat"),
        f"Uudet sillat: kaksi\n\n{TEXT}",
    ),
    "a title that the text holds": (
        "otsikko: 'Aino''n sillat'\njulkaistu: 2024-05-02T23:30:00Z\n",
        f"# Aino'n sillat\n\n{TEXT}",
        ("Aino'n sillat", "2024-05-03", None, None),
        f"# Aino'n sillat\n\n{TEXT}",
    ),
    "other keys, lists and comments stay": (
        "title: Uudet sillat\nrahoittaja: Kuusamaan liitto\ntags:\n  - tie\n  - silta\n# luonnos\n",
        TEXT,
        ("Uudet sillat", None, None, None),
        "Uudet sillat\n\nrahoittaja: Kuusamaan liitto\ntags:\n  - tie\n  - silta\n# luonnos\n\n"
        + TEXT,
    ),
    "a folded title; what says no address and no day stays": (
        "title: >\n  Uudet\n  sillat\nurl: /sillat\ndate: 2024-05-02\nupdated: keväällä\n",
        TEXT,
        ("Uudet sillat", "2024-05-02", None, None),
        f"Uudet sillat\n\nurl: /sillat\nupdated: keväällä\n\n{TEXT}",
    ),
}
STAYS = {
    "sentences between lines": f"---\nKuusamäki rakentaa.\ntitle: a\n---\n{TEXT}",
    "nothing that is read": f"---\nHanke: Uudet sillat\nAlkaa: 1.2.2024\n---\n{TEXT}",
    "no end": f"---\ntitle: Uudet sillat\n\n{TEXT}",
    "not at the start": f"Uutinen\n---\ntitle: Uudet sillat\n---\n{TEXT}",
    "no plain value": f"---\ntitle: Uudet: sillat\n---\n{TEXT}",
}


@pytest.mark.parametrize("case", FRONT)
def test_the_front_matter_of_markdown_says_title_days_and_address(
    tmp_path: Path, case: str
) -> None:
    head, body, said, text = FRONT[case]
    for newline in ("\n", "\r\n"):
        raw = f"---\n{head}---\n\n{body}".replace("\n", newline)
        post = one(tmp_path, "a.md", raw)
        assert isinstance(post, Post)
        days = [day and day.isoformat() for day in (post.published, post.updated)]
        assert (post.title, *days, post.url) == said
        assert post.text == text


@pytest.mark.parametrize("case", STAYS)
def test_front_matter_that_cannot_be_read_stays_text(tmp_path: Path, case: str) -> None:
    post = one(tmp_path, "a.md", STAYS[case])
    assert isinstance(post, Post)
    assert (post.title, post.published, post.text) == (None, None, STAYS[case])


def test_only_markdown_has_front_matter(tmp_path: Path) -> None:
    raw = f"---\ntitle: Uudet sillat\n---\n{TEXT}"
    post = one(tmp_path, "a.txt", raw)
    assert isinstance(post, Post)
    assert (post.title, post.text) == (None, raw)
