"""Hostile input: whatever lies in the folder, the run ends, and a row says what was wrong."""

from __future__ import annotations

import json
import os
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.ledger import Ledger
from pipeline.limits import Limits
from pipeline.options import Options
from pipeline.prepare import prepared
from pipeline.read import list_inputs, read_folder
from pipeline.read.files import InputFile, with_own_sources
from pipeline.records import Post, Unreadable
from pipeline.resolve import read_corrections
from pipeline.run import run
from pipeline.summary import Report
from pipeline.torture.apart import apart
from pipeline.torture.hostile import PROSE, repeated


def documents(output: Path) -> dict[str, dict[str, Any]]:
    table = pq.read_table(output / "tables" / "documents.parquet")
    return {row["source"]: row for row in table.to_pylist()}


def hostile_run(folder: Path, output: Path, **limits: Any) -> Report:
    return run(Options(input=folder, output=output, workers=1, limits=Limits(**limits)))


def test_what_is_too_large_or_takes_too_long_fails_with_one_worker(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "it's out"  # the apostrophe is meant
    folder.mkdir()
    (folder / "a.txt").write_text(PROSE, encoding="utf-8")
    (folder / "endless.txt").write_text(repeated(PROSE, 3_000_000), encoding="utf-8")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(3 << 30)
    rows = [{"id": 1, "text": PROSE}, {"id": 2, "text": repeated(PROSE, 5_000_000)}]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    hostile_run(folder, output, seconds=1.0)
    found = documents(output)
    assert {source: row["status"] for source, row in found.items()} == {
        "a.txt": "ok",
        "endless.txt": "failed",
        "sparse.txt": "failed",
        "rows.jsonl#1": "ok",
        "rows.jsonl#line-2": "failed",
    }
    assert found["endless.txt"]["reason"] == "it took longer than 1 s and was given up"
    assert found["sparse.txt"]["reason"] == "too large: 3 221.225 MB where 4 MB are allowed"
    assert "too large" in found["rows.jsonl#line-2"]["reason"]


def test_a_lower_limit_counts_for_what_was_read_before(tmp_path: Path) -> None:
    keys = {
        Ledger(str(tmp_path), limits).file_key("a.txt", b"Hanke alkaa.")
        for limits in (Limits(), Limits(announcement_bytes=5), Limits(feed_bytes=5))
    }
    assert len(keys) == 3


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "passwords.txt").write_text("root:x:0:0", encoding="utf-8")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "own.txt").write_text(PROSE, encoding="utf-8")
    (folder / "sub" / "same.txt").symlink_to(folder / "own.txt")
    (folder / "sub" / "out.txt").symlink_to(secret / "passwords.txt")
    (folder / "folder").symlink_to(secret, target_is_directory=True)
    (folder / "again").symlink_to(folder / "sub", target_is_directory=True)
    found = {post.source: post for post in read_folder(folder)}
    assert set(found) == {"folder", "own.txt", "sub/out.txt", "sub/same.txt"}
    for source in ("folder", "sub/out.txt"):
        post = found[source]
        assert isinstance(post, Unreadable)
        assert "outside the input folder" in post.reason
    assert isinstance(found["sub/same.txt"], Post)


def test_a_link_put_in_after_listing_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root:x:0:0", encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Hanke", encoding="utf-8")
    (file,) = list_inputs(folder)
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        file.fetch(1000)


def test_a_folder_that_cannot_be_listed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text("Hanke", encoding="utf-8")
    real = os.scandir

    def scandir(folder: str) -> Any:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr("os.scandir", scandir)
    first, closed = read_folder(tmp_path)
    assert first.source == "a.txt"
    assert isinstance(closed, Unreadable)
    assert (closed.source, closed.reason) == ("closed", "cannot be listed: Permission denied")


def test_names_that_become_one_stay_two(tmp_path: Path) -> None:
    for name in (b"raw\xff.txt", rb"raw\xff.txt"):
        (tmp_path / os.fsdecode(name)).write_text(PROSE, encoding="utf-8")
    sources = [file.source for file in list_inputs(tmp_path)]
    assert sources == [r"raw\xff.txt", r"raw\xff~2.txt"]
    assert [prepared(post).status for post in read_folder(tmp_path)] == ["ok", "ok"]


def test_names_that_become_one_keep_their_suffix() -> None:
    def none(_: int) -> bytes:
        return b""

    names = ["a.txt", "A.TXT", "LUE", "http://k.example", "http://k.example/a.html?id=1.5"]
    files = [InputFile(source=name, fetch=none) for name in names]
    assert [file.source for file in with_own_sources(files * 2)][len(names) :] == [
        "a~2.txt",
        "A~2.TXT",
        "LUE~2",
        "http://k.example~2",
        "http://k.example/a.html?id=1.5~2",
    ]


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("levels", [50, 500, 900, 50_000])
def test_deep_json_in_a_column_that_nobody_reads(tmp_path: Path, levels: int) -> None:
    deep = '{"id": 1, "text": "Hanke alkaa.", "more": ' + nested(levels) + "}"
    (tmp_path / "feed.jsonl").write_text(deep + '\n{"id": 2, "text": "B"}', encoding="utf-8")
    first, second = read_folder(tmp_path)
    assert isinstance(first, Post if levels < 1000 else Unreadable)
    assert isinstance(second, Post)


def test_ids_that_repeat_are_told_apart_soon(tmp_path: Path) -> None:
    (tmp_path / "feed.jsonl").write_text('{"id": 1, "text": "A"}\n' * 30_000, encoding="utf-8")
    sources = {post.source for post in read_folder(tmp_path)}
    assert len(sources) == 30_000
    assert "feed.jsonl#1~30000" in sources


def test_what_lies_too_deep_in_a_page_is_said(tmp_path: Path) -> None:
    page = f"<html><body><p>{PROSE}</p>{'<div>' * 400}{PROSE}</body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": 1, "html": page}), encoding="utf-8")
    for post in read_folder(tmp_path):
        announcement = prepared(post)
        assert announcement.status == "ok"
        assert "255 nested" in (announcement.reason or "")


@pytest.mark.parametrize("said", ["", "<p>Lue lisää</p>"])
def test_what_lies_too_deep_is_said_where_nothing_else_is_read(tmp_path: Path, said: str) -> None:
    page = f"<html><body>{said}{'<div>' * 300}<p>{PROSE}</p>{'</div>' * 300}</body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": 1, "html": page}), encoding="utf-8")
    for post in read_folder(tmp_path):
        announcement = prepared(post)
        assert announcement.status != "ok"
        assert "255 nested" in (announcement.reason or "")


def peak_megabytes(folder: Path) -> float:
    """How much memory reading a folder takes at most, beyond what the process had."""

    def work() -> float:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in read_folder(folder):
            pass
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000

    return apart(work, 60)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss counts bytes")
@pytest.mark.parametrize("name", ["sparse.txt", "sparse.html", "sparse.jsonl", "sparse.csv"])
def test_a_sparse_file_of_three_gigabytes_takes_no_memory(tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(3 << 30)
    assert peak_megabytes(tmp_path) < 60


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss counts bytes")
@pytest.mark.parametrize("name", ["row.jsonl", "row.json", "row.csv", "row.rss"])
def test_a_row_of_fifty_megabytes_takes_a_few_times_its_size(tmp_path: Path, name: str) -> None:
    text = "Hanke alkaa. " * 4_000_000
    rows = {
        "row.jsonl": f'{{"id": 1, "text": "{text}"}}',
        "row.json": f'[{{"id": 1, "text": "{text}"}}]',
        "row.csv": f"id,text\n1,{text}",
        "row.rss": f"<rss><channel><item><description>{text}</description></item></channel></rss>",
    }
    (tmp_path / name).write_text(rows[name], encoding="utf-8")
    assert peak_megabytes(tmp_path) < 600


def test_a_document_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", bytes(150_000_000))
    (post,) = read_folder(tmp_path)
    assert isinstance(post, Unreadable)
    assert post.reason.startswith("too large: 150 MB where 100 MB are allowed")
    assert peak_megabytes(tmp_path) < 60


def test_what_is_no_address_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "posts.urls").write_text("http://[a/b.txt\nhttp://[c\n", encoding="utf-8")
    found = list(read_folder(tmp_path / "posts.urls"))
    assert [post.source for post in found] == ["http://[a/b.txt", "http://[c"]
    assert all(isinstance(post, Unreadable) for post in found)


def test_a_pipe_among_the_corrections_hangs_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "facts.csv")
    assert read_corrections(tmp_path) == ()
