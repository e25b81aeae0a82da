"""Bytes to text: which encoding, and that nothing raises but ``NotText``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.decode import NotText, decode

TEXT = "Päätös: ”Työtä – yhdessä” sai 12 000 €"


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        (TEXT.encode(), TEXT, "utf-8"),
        (TEXT.encode("utf-8-sig"), TEXT, "utf-8-sig"),
        (TEXT.encode("utf-16"), TEXT, "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT, "utf-16"),
        (TEXT.encode("utf-16-le"), TEXT, "utf-16-le"),  # no mark, every other byte zero
        (TEXT.encode("cp1252"), TEXT, "cp1252"),
        ("Hyvä".encode("latin-1"), "Hyvä", "cp1252"),
        ("Hyvä 5 €, Šiška".encode("iso-8859-15"), "Hyvä 5 €, Šiška", "iso8859-15"),
        (b"hyv\xe4 \x81 \x9d", "hyvä \x81 \x9d", "cp1252"),  # undefined bytes stay tellable
        (b"<meta charset=macintosh>hyv\x8a", "<meta charset=macintosh>hyvä", "mac-roman"),
        (b"", "", "utf-8"),
        (b"yksi nolla\x00tavu", "yksi nolla\x00tavu", "utf-8"),
    ],
)
def test_decode(raw: bytes, text: str, encoding: str) -> None:
    assert decode(raw) == (text, encoding)


@pytest.mark.parametrize("raw", [b"%PDF-1.4", b"PK\x03\x04", b"\x00\x01\x02\x03\x00\x01"])
def test_what_is_no_text(raw: bytes) -> None:
    with pytest.raises(NotText, match="not text"):
        decode(raw)


@given(st.binary(max_size=60))
def test_any_bytes_give_sound_text_or_a_reason(raw: bytes) -> None:
    try:
        text, _ = decode(raw)
    except NotText:
        return
    assert text.encode("utf-8") or not raw.strip(b"\xef\xbb\xbf\xff\xfe\x00")


@given(st.text())
def test_utf8_is_read_as_it_is(text: str) -> None:
    raw = text.encode("utf-8", errors="ignore")
    try:
        decoded = decode(raw)
    except NotText:
        return
    if decoded.encoding == "utf-8":
        assert decoded.text.encode() == raw


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("<meta charset='macintosh'>Päätös".encode("mac_roman"), "mac-roman"),
        ("<meta charset='iso-8859-15'>Päätös".encode("iso8859-15"), "iso8859-15"),
        ("<meta charset='cp850'>Päätös".encode("cp850"), "cp850"),
        ("Päätös".encode("utf-16-be"), "utf-16-be"),
        ("Päätös".encode("utf-16-le"), "utf-16-le"),
        ("Päätös €".encode("iso8859-15"), "iso8859-15"),
    ],
)
def test_what_a_page_declares_or_its_zeros_tell(raw: bytes, encoding: str) -> None:
    text, found = decode(raw)
    assert text.endswith(("Päätös", "Päätös €"))
    assert found == encoding


@pytest.mark.parametrize(("controls", "is_text"), [(5, True), (6, False)])
def test_a_twentieth_of_control_bytes_is_too_much(controls: int, is_text: bool) -> None:
    raw = b"\x01" * controls + b"a" * (100 - controls)
    if is_text:
        assert decode(raw).encoding == "utf-8"
    else:
        with pytest.raises(NotText):
            decode(raw)


@pytest.mark.parametrize(("controls", "is_text"), [(3, True), (4, False)])
def test_a_short_text_may_hold_three_stray_control_bytes(controls: int, is_text: bool) -> None:
    raw = b"\x01" * controls + b"Hanke alkaa"
    if is_text:
        assert decode(raw).encoding == "utf-8"
    else:
        with pytest.raises(NotText):
            decode(raw)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        ("aaaaaaaa" + "šš", True),  # eight of ten high bytes are zero: more than seven in ten
        ("aaaaaaa" + "ššš", False),
        ("a" * 20 + "Ā", True),  # one low byte of 21 is zero: less than one in twenty
        ("a" * 19 + "Ā", False),
        ("a", False),  # too short to tell
        ("ab", True),
    ],
)
def test_how_many_zeros_tell_utf_16(text: str, encoding: str, is_text: bool) -> None:
    raw = text.encode(encoding)
    try:
        found = decode(raw).encoding
    except NotText:
        found = "none"
    assert (found == encoding) == is_text


@pytest.mark.parametrize(("before", "encoding"), [(0, "cp850"), (1, "cp1252")])
def test_a_charset_is_looked_for_in_the_first_4096_bytes(before: int, encoding: str) -> None:
    declared = b"<meta charset=cp850"
    raw = b" " * (4096 - len(declared) + before) + declared + b">hyv\x84"
    assert decode(raw).encoding == encoding


def test_a_mark_of_utf_8_before_another_code_page_is_no_letter() -> None:
    assert decode(b"\xef\xbb\xbfhyv\xe4") == ("hyvä", "cp1252")
