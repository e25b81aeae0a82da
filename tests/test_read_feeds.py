"""Feeds: every good row becomes a post, every bad one says what is wrong with it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.read import read_bytes
from pipeline.read.decode import NotText
from pipeline.read.feeds import csv_rows
from pipeline.records import Post, Unreadable


def lines(*rows: object) -> bytes:
    return "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows).encode()


def test_a_feed_of_json_lines() -> None:
    row = {
        "id": 7,
        "url": "https://malli.fi/7",
        "title": "Hanke alkaa",
        "published": "2023-05-24T09:30:00+03:00",
        "text": "Hyvä hanke.",
        "views": 12,
    }
    (post,) = read_bytes("feed.jsonl", lines(row))
    assert isinstance(post, Post)
    assert post.source == "feed.jsonl#7"
    assert (post.title, post.url, post.text) == ("Hanke alkaa", "https://malli.fi/7", "Hyvä hanke.")
    assert post.published == date(2023, 5, 24)


def test_bad_rows_do_not_cost_their_neighbours() -> None:
    feed = lines(
        {"id": "a", "text": "Yksi."},
        "{tämä ei ole JSONia",
        "",
        ["lista"],
        {"id": "b", "title": "Tyhjä"},
        "[" * 100_000,
        {"id": "c", "html": "<p>Kaksi.</p><p>Kolme.</p>"},
        {"text": "Nimetön."},
    )
    posts = list(read_bytes("f.jsonl", feed))
    assert [post.source for post in posts] == [
        "f.jsonl#a",
        "f.jsonl#line-2",
        "f.jsonl#line-4",
        "f.jsonl#b",
        "f.jsonl#line-6",
        "f.jsonl#c",
        "f.jsonl#line-8",
    ]
    bad = [post.reason for post in posts if isinstance(post, Unreadable)]
    for reason, words in zip(bad, ("no JSON", "object", "neither text", "nested"), strict=True):
        assert words in reason
    assert isinstance(posts[5], Post)
    assert posts[5].text == "Kaksi.\n\nKolme."


def test_repeated_ids_have_sources_of_their_own() -> None:
    feed = lines({"id": "a", "text": "1"}, {"id": "a", "text": "2"}, {"id": "a~2", "text": "3"})
    sources = [post.source for post in read_bytes("f.jsonl", feed)]
    assert sources == ["f.jsonl#a", "f.jsonl#a~2", "f.jsonl#a~2~2"]


def test_a_json_array_is_read_too() -> None:
    posts = list(read_bytes("f.jsonl", json.dumps([{"id": 1, "text": "x"}], indent=1).encode()))
    assert [post.source for post in posts] == ["f.jsonl#1"]


def test_lone_surrogates_do_not_travel_on() -> None:
    (post,) = read_bytes("f.jsonl", rb'{"id": "\ud800", "text": "a \ud83d\ude00 b \udc00"}')
    assert isinstance(post, Post)
    assert post.text == "a 😀 b \ufffd"
    assert post.source == "f.jsonl#\ufffd"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter(delimiter: str) -> None:
    header = delimiter.join(["id", "title", "published", "text"])
    row = delimiter.join(["1", "Hanke", "7.8.2019", '"Rivi yksi\nrivi ""kaksi"""'])
    (post,) = read_bytes("f.csv", f"\ufeff{header}\r\n{row}\r\n".encode())
    assert isinstance(post, Post)
    assert post.text == 'Rivi yksi\nrivi "kaksi"'
    assert post.published == date(2019, 8, 7)


def test_an_open_quote_costs_one_row() -> None:
    feed = 'id,text\n1,Hyvä\n2,"Auki jäi\n3,"Ehjä, on"\n4,Viimeinen\n5,a,b,c\n'
    posts = list(read_bytes("f.csv", feed.encode()))
    assert [(post.source, isinstance(post, Post)) for post in posts] == [
        ("f.csv#1", True),
        ("f.csv#line-3", False),
        ("f.csv#3", True),
        ("f.csv#4", True),
        ("f.csv#line-6", False),
    ]


def test_many_open_quotes_cost_a_row_each() -> None:
    feed = "id,text\n" + 'x,"auki\n' * 400 + "y,Viimeinen\n"
    posts = list(read_bytes("f.csv", feed.encode()))
    assert [isinstance(post, Post) for post in posts] == [*[False] * 400, True]


def test_a_long_field_is_no_error() -> None:
    (post,) = read_bytes("f.csv", ("id,text\n1," + "a" * 200_000).encode())
    assert isinstance(post, Post)


def test_csv_without_the_columns_is_refused() -> None:
    with pytest.raises(NotText, match="first line must name") as refused:
        list(csv_rows("f.csv", b"Irmeli Keksikoski;040 123 4567\nA;1\n"))
    assert "Keksikoski" not in str(refused.value)  # reasons are published


def test_the_same_row_has_the_same_checksum_in_either_format() -> None:
    (one,) = read_bytes("f.jsonl", b'{"text": "Moi", "id": "1"}')
    (other,) = read_bytes("f.csv", b"id;text\n1;Moi\n")
    assert one.raw_sha256 == other.raw_sha256
