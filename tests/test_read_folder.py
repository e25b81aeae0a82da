"""Reading a folder: what is listed, and that nothing in it stops a run."""

from __future__ import annotations

import os
from errno import EACCES
from pathlib import Path

import pytest

from pipeline.errors import InputMissing, InputUnusable
from pipeline.read import list_inputs, read_folder
from pipeline.records import Post, Unreadable


def test_all_files_below_the_root_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.HTML", "a/a.csv", "readme.md", "gold/b.zip", ".hidden.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "inner.txt").write_text("x", encoding="utf-8")
    sources = [file.source for file in list_inputs(tmp_path)]
    assert sources == [
        "a/a.csv",
        "a/z.HTML",
        "b.txt",
        "folder.txt/inner.txt",
        "gold/b.zip",
        "readme.md",
    ]


def test_a_missing_folder_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(InputMissing, match="no folder"):
        list_inputs(tmp_path / "elsewhere")


def test_a_name_that_no_folder_can_have_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(InputUnusable, match=r"cannot be read: File name too long\."):
        list_inputs(tmp_path / ("a" * 300))


def test_a_folder_that_may_not_be_read_is_the_users_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def may_not_be_read(path: Path) -> bool:
        if path.parent == tmp_path:
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
        return False

    monkeypatch.setattr(Path, "is_file", may_not_be_read)  # the superuser may read anywhere
    with pytest.raises(InputUnusable, match=r"cannot be read: Permission denied\."):
        list_inputs(tmp_path)


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("junk.txt", bytes(range(32)) * 20, "binary"),
        ("letter.txt", b"%PDF-1.7 ...", "PDF"),
        ("letter.html", b"PK\x03\x04....", "Word"),
        ("empty.html", b"<html><body><script>load()</script></body></html>", "no readable text"),
        ("feed.csv", b"otsikko;julkaistu\nA;1.1.2020\n", "first line"),
    ],
)
def test_unreadable_files_say_why(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(raw)
    (tmp_path / "z.txt").write_text("Hanke alkaa.", encoding="utf-8")
    first, other = read_folder(tmp_path)
    assert isinstance(first, Unreadable)
    assert reason in first.reason
    assert first.raw_sha256
    assert isinstance(other, Post)


def test_broken_links_and_pipes_are_unreadable(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe.txt")
    reasons = [post.reason for post in read_folder(tmp_path) if isinstance(post, Unreadable)]
    assert len(reasons) == 2
    assert "regular file" in reasons[1]


@pytest.mark.parametrize("name", ["empty.txt", "empty.html", "empty.jsonl", "empty.csv"])
def test_empty_files_are_no_error(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert all(isinstance(post, Post) and post.text == "" for post in read_folder(tmp_path))


@pytest.mark.parametrize(
    ("notes", "url"),
    [
        ('{"https://a.example/1": {"file": "a.txt"}}', "https://a.example/1"),
        (
            '{"https://me:secret@a.example/1": {"file": "a.txt", "etag": "1"}}',
            "https://a.example/1",
        ),
        ('{"https://a.example/1": {}}', None),
        ('{"https://a.example/1": {"file": "b.txt"}}', None),
        ("[]", None),
        ("", None),
        ('{"https://a.example/1": {"file": "a.txt", "deep": ' + "[" * 100_000, None),
    ],
)
def test_where_a_file_was_fetched_from_is_what_is_noted_beside_it(
    tmp_path: Path, notes: str, url: str | None
) -> None:
    (tmp_path / "a.txt").write_text("Hanke alkaa.")
    (tmp_path / ".fetched.json").write_text(notes)
    (post,) = read_folder(tmp_path)
    assert isinstance(post, Post)
    assert post.url == url
