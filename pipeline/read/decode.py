"""Bytes to text: which encoding a file is in, and what it then says.

No statistical guesser: on short Finnish texts they name the wrong code page. UTF-8 is strict, so
what passes as UTF-8 is UTF-8; nearly everything else here was written on Windows.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import ftfy.bad_codecs  # noqa: F401  registers sloppy-windows-1252
from ftfy.fixes import fix_surrogates

_MARKS = (  # byte order marks; UTF-32's begins like UTF-16's, so it comes first
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a Word, Excel or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_STRAY, _JUNK_SHARE = 3, 0.05  # control bytes in a text, and their share
_C1_BYTE = re.compile(rb"[\x80-\x9f]")
_EURO_15 = b"\xa4"  # the euro sign of ISO-8859-15; in cp1252 a sign nobody types
_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARATION_WITHIN = 4096  # bytes from the start of a page
_HONOURED = {"iso-8859-15", "iso8859-15", "latin-9", "macintosh", "mac_roman", "cp850", "ibm850"}


class Decoded(NamedTuple):
    """Text and the encoding it was read as, as Python names it."""

    text: str
    encoding: str


class NotText(ValueError):
    """The bytes are no text; the message says what they look like."""


class LeftOut(NotText):
    """Nothing is wrong with the file, but it holds no announcement or has no reader here."""


def decode(raw: bytes) -> Decoded:
    """Return the text of ``raw`` without its byte order mark.

    By its mark UTF-8, UTF-16 or UTF-32; strict UTF-8; UTF-16 without a mark where every other
    byte is zero; else cp1252, in which an undefined byte becomes the control character of the
    same number. Never contains a lone surrogate. Raises ``NotText``.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _marked(raw, encoding)
    for signature, kind in _SIGNATURES:
        if raw.startswith(signature):
            raise NotText(f"not text: looks like {kind}; save its text as .txt")
    unmarked = _utf16_without_mark(raw)
    if unmarked:
        return Decoded(fix_surrogates(raw.decode(unmarked, errors="replace")), unmarked)
    if len(_CONTROL.findall(raw)) > max(_STRAY, _JUNK_SHARE * len(raw)):
        raise NotText("not text: binary data; save its text as .txt")
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        encoding = _single_byte(raw)
    codec = "sloppy-windows-1252" if encoding == "cp1252" else encoding
    return Decoded(raw.decode(codec), encoding)


def without_surrogates(text: str) -> str:
    """``text`` with surrogate pairs joined and lone surrogates replaced by U+FFFD."""
    return str(fix_surrogates(text))


def _marked(raw: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError:
        if encoding == "utf-8-sig":  # a mark before text that is no UTF-8 after all
            return Decoded(raw[3:].decode("sloppy-windows-1252"), "cp1252")
        return Decoded(fix_surrogates(raw.decode(encoding, errors="replace")), encoding)


def _utf16_without_mark(raw: bytes) -> str | None:
    if len(raw) < 4 or len(raw) % 2:
        return None
    half = len(raw) // 2
    if raw[1::2].count(0) > 0.7 * half and raw[0::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if raw[0::2].count(0) > 0.7 * half and raw[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _single_byte(raw: bytes) -> str:
    declared = _DECLARED.search(raw[:_DECLARATION_WITHIN])
    if declared:
        name = declared[1].decode("ascii").lower()
        if name in _HONOURED:
            return codecs.lookup("mac_roman" if name == "macintosh" else name).name
    if _EURO_15 in raw and not _C1_BYTE.search(raw):
        return "iso8859-15"
    return "cp1252"
