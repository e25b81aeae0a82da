"""Inputs at an address: listed, fetched and named as those of a folder; plain errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from versioned import Endless, Versioned

from pipeline.addresses import opened
from pipeline.errors import AddressUnusable, InputMissing, InputUnusable
from pipeline.limits import Limits
from pipeline.read import contents, list_inputs, read_folder
from pipeline.records import Unreadable

FILES = {
    "b.txt": "Hanke alkaa.",
    "a/z.HTML": "<p>Hanke alkaa keväällä ja päättyy syksyllä.</p>",
    "a/[ä] 1*.csv": "id,text\n1,Hanke päättyy.\n",
    "readme.md": "no announcement",
    ".hankepoimuri-ignore": "# beside\nreadme.*\n",
    ".hidden.txt": "hidden",
    "a/.git/deep.txt": "hidden, too",
}


@pytest.fixture(params=["path", "file", "memory", "versioned"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """The same files in a folder and at addresses of several kinds."""
    if request.param in ("path", "file"):
        for name, text in FILES.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        yield tmp_path if request.param == "path" else tmp_path.as_uri()
    else:
        address = f"{request.param}://posts/2024"
        system = fsspec.filesystem(request.param)
        system.pipe({f"{address}/{name}": text.encode() for name, text in FILES.items()})
        yield address
        system.rm("/posts", recursive=True)


def test_sources_and_posts_are_the_same_however_the_folder_is_addressed(root: Path | str) -> None:
    assert [file.source for file in list_inputs(root)] == ["a/[ä] 1*.csv", "a/z.HTML", "b.txt"]
    posts = list(read_folder(root))
    assert [post.source for post in posts] == ["a/[ä] 1*.csv#1", "a/z.HTML", "b.txt"]
    assert not any(isinstance(post, Unreadable) for post in posts)


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_slash_at_the_end_does_not_matter(tmp_path: Path, slash: str) -> None:
    (tmp_path / "b.txt").write_text("Hanke alkaa.")
    assert [file.source for file in list_inputs(tmp_path.as_uri() + slash)] == ["b.txt"]


def test_many_files_come_in_order_and_one_that_fails_says_why() -> None:
    system = fsspec.filesystem("versioned")
    names = [f"{number:03}.txt" for number in range(50)] + ["broken.txt"]
    system.pipe({f"/many/{name}": name.encode() for name in names})
    *fine, (last, broken) = contents(list_inputs("versioned://many"))
    assert [(file.source, raw) for file, raw in fine] == [
        (name, name.encode()) for name in names[:-1]
    ]
    assert last.source == "broken.txt"
    assert isinstance(broken, Unreadable)
    assert broken.reason == "cannot be opened: RuntimeError: 503 slow down"


def test_a_version_follows_the_content() -> None:
    system = fsspec.filesystem("versioned")
    versions = []
    for text in (b"one", b"two", b"one"):
        system.pipe_file("/one/a.txt", text)
        versions += [file.version for file in list_inputs("versioned://one")]
    assert versions[0] == versions[2] != versions[1]


@pytest.mark.parametrize("address", ["memory://nowhere", "file:///nowhere/at/all"])
def test_a_missing_folder_is_the_users_error(address: str) -> None:
    with pytest.raises(InputMissing, match="no folder"):
        list_inputs(address)


def test_a_file_is_an_input_of_its_own() -> None:
    fsspec.filesystem("memory").pipe_file("/alone.txt", b"Hanke alkaa.")
    (post,) = read_folder("memory://alone.txt")
    assert (post.source, getattr(post, "text", None)) == ("alone.txt", "Hanke alkaa.")


def test_an_unknown_protocol_is_said_plainly() -> None:
    with pytest.raises(AddressUnusable, match="cannot be opened: Protocol not known: gopher"):
        opened("gopher://host/folder")


def test_a_package_that_is_not_there_is_named() -> None:
    fsspec.register_implementation(
        "farstore", "nowhere_to_be_found.System", errtxt="Install farfs to access it", clobber=True
    )
    with pytest.raises(AddressUnusable, match=r"Install farfs .*pip install"):
        list_inputs("farstore://bucket/posts")


def test_a_server_that_refuses_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError("Access Denied")

    monkeypatch.setattr(Versioned, "find", refuse)
    fsspec.filesystem("versioned").pipe_file("/closed/a.txt", b"Hanke alkaa.")
    with pytest.raises(AddressUnusable, match=r"versioned://closed .*Access Denied"):
        list_inputs("versioned://closed")


def test_an_address_is_fetched_no_further_than_its_size_allows(tmp_path: Path) -> None:
    (tmp_path / "posts.urls").write_text("endless://host/a.txt\n", encoding="utf-8")
    Endless.given.clear()
    (post,) = read_folder(tmp_path / "posts.urls", limits=Limits(announcement_bytes=3_000_000))
    assert isinstance(post, Unreadable)
    assert post.reason == "too large: more where 3 MB are allowed"
    assert sum(Endless.given) == 3_000_001


@pytest.mark.parametrize("path", ["/dev/zero", "file:///dev/zero"])
def test_an_address_of_a_device_is_no_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "posts.urls").write_text(path, encoding="utf-8")
    (post,) = read_folder(tmp_path / "posts.urls")
    assert isinstance(post, Unreadable)
    assert "not a regular file" in post.reason or "without a suffix" in post.reason


def test_a_file_of_patterns_without_end_is_said(tmp_path: Path) -> None:
    (tmp_path / ".hankepoimuri-ignore").write_bytes(b"a" * 1_000_001)
    with pytest.raises(InputUnusable, match="too large"):
        list_inputs(tmp_path)
