"""Which files there are readers for, by suffix, and in words why the others are left out."""

from __future__ import annotations

from contextlib import suppress
from fnmatch import fnmatchcase
from posixpath import splitext
from urllib.parse import urlsplit

TABLES = frozenset((".csv", ".tsv"))
OBJECTS = frozenset((".jsonl", ".ndjson", ".json"))
NEWS = frozenset((".rss", ".atom", ".xml"))
FEEDS = TABLES | OBJECTS | NEWS  # many posts a file
PAGES = frozenset((".html", ".htm", ".xhtml"))
MARKDOWN = frozenset((".md", ".markdown"))
TEXTS = frozenset((".txt", ".text")) | MARKDOWN
DOCUMENTS = frozenset((".docx", ".pdf"))
SUFFIXES = FEEDS | PAGES | TEXTS | DOCUMENTS
LISTS = frozenset((".urls",))  # a file of addresses, given as the input itself

IGNORE = ".hankepoimuri-ignore"  # a file of patterns in the input folder
MOST_PATTERNS = 1_000_000  # bytes of such a file
READ = ".txt, .md, .html, .docx, .pdf, .csv, .tsv, .json, .jsonl, .rss, .atom and .xml"

_PICTURES = ".png .jpg .jpeg .gif .svg .webp .tif .tiff .bmp .heic .ico"
_ARCHIVES = ".zip .gz .tgz .tar .bz2 .xz .7z .rar"
_SOUNDS = ".mp3 .wav .ogg .m4a .mp4 .mov .avi .webm .mkv"
_WHY = {
    **dict.fromkeys(_PICTURES.split(), "a picture: it holds no text"),
    **dict.fromkeys(_ARCHIVES.split(), "an archive: unpack it into the folder"),
    **dict.fromkeys(_SOUNDS.split(), "sound or film: it holds no text"),
    **dict.fromkeys((".doc", ".rtf", ".odt"), "a word processor's file: save it as .docx"),
    **dict.fromkeys((".xls", ".xlsx", ".ods"), "a workbook: save the sheet of posts as .csv"),
    **dict.fromkeys((".ppt", ".pptx", ".odp"), "slides: save their text as .txt"),
    **dict.fromkeys((".eml", ".msg", ".mbox"), "an e-mail: save its text as .txt"),
    **dict.fromkeys((".urls",), "a list of addresses: give it as --input itself"),
}


def suffix(source: str) -> str:
    """The suffix of a path or an address, in lower case."""
    path = source
    if "://" in source:
        # One that is no address ("http://[a") has the suffix that it shows.
        with suppress(ValueError):
            path = urlsplit(source).path
    return splitext(path)[1].lower()


def is_hidden(source: str) -> bool:
    """Whether a path is that of a hidden file or lies in a hidden folder."""
    return any(part.startswith(".") for part in source.split("/"))


def is_feed(source: str) -> bool:
    """Whether a file holds many posts."""
    return suffix(source) in FEEDS


def left_out(source: str) -> str | None:
    """Why there is no reader for a file of that name, ``None`` where there is one.

    What an address without a known suffix holds shows only when it is read.
    """
    ending = suffix(source)
    if ending in SUFFIXES or ("://" in source and ending not in _WHY):
        return None
    if why := _WHY.get(ending):
        return f"not read: {why} ({ending})"
    named = f"of the kind {ending}" if ending else "without a suffix"
    return f"not read: a file {named}; read are {READ}"


def patterns(text: str) -> tuple[str, ...]:
    """The patterns of an ignore file: one a line, ``#`` begins a comment."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def is_ignored(source: str, ignored: tuple[str, ...]) -> bool:
    """Whether a pattern takes the path out: ``*`` stands for anything, a folder for all in it."""
    return any(
        fnmatchcase(source, one) or source.startswith(f"{one.rstrip('/')}/") for one in ignored
    )
