"""Word and PDF documents: one document is one post. Needs the extra ``documents``."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from pipeline.limits import too_large
from pipeline.read.decode import LeftOut, NotText, without_surrogates
from pipeline.read.html import page_read
from pipeline.read.kinds import suffix
from pipeline.records import Post

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_UNPACKED = 100_000_000  # bytes that all parts of a Word document may have; a page has thousands
_EXTRA = "its reader is not installed: pip install 'hankepoimuri[documents]'"
_HEADING = re.compile(r"(?:Heading|Otsikko) ?([1-6])|Title", re.IGNORECASE)
_LIST = re.compile(r"List|Luettelo", re.IGNORECASE)
# What programs put where a title belongs: their own words, or the name of a file.
_NO_TITLE = re.compile(
    r"(?:untitled|nimetön|namnlös)(?: (?:document|asiakirja|dokument))?[ -]?\d*"
    r"|(?:document|asiakirja|dokumentti?)[ -]?\d*"
    r"|(?:microsoft )?power ?point[ -](?:presentation|esitys)"
    r"|microsoft (?:office )?(?:word|powerpoint|excel|publisher)(?: -.*)?"
    r"|\S.*\.(?:docx?|docm|dotx?|odt|rtf|pdf|indd|qxp|pub|pptx?|xlsx?|pages|txt|html?)"
    r"|[\W\d_]*",
    re.IGNORECASE | re.DOTALL,
)
_LINE_END_HYPHEN = re.compile("[\ufffe\x02](?:\r?\n)?")  # where pdfium saw a word divided


def read_document(source: str, raw: bytes) -> Post:
    """The post of a ``.docx`` or ``.pdf`` file. Raises ``NotText`` or ``LeftOut``."""
    text, title, remark = _docx(raw) if suffix(source) == ".docx" else _pdf(raw)
    return Post(
        source=source,
        raw_sha256=sha256(raw).hexdigest(),
        text=without_surrogates(text),
        title=_title(title),
        remark=remark,
    )


def _title(said: str | None) -> str | None:
    """The title that a document's own data say, where it is one."""
    title = (said or "").strip()
    return None if _NO_TITLE.fullmatch(title) else title


def _docx(raw: bytes) -> tuple[str, str | None, str | None]:
    """Text, title, and what of it could not be read."""
    try:
        import docx
        from docx.text.paragraph import Paragraph
    except ImportError as error:
        raise LeftOut(f"not read: {_EXTRA}") from error
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _UNPACKED:
            raise NotText(f"{too_large(unpacked, _UNPACKED)} of what a Word document unpacks to")
        document = docx.Document(io.BytesIO(raw))
    except NotText:
        raise
    except Exception as error:  # zip, XML and package errors of several libraries
        raise NotText(f"no Word document that can be opened: {error}") from error
    # As a page: what is known of its headings, lists and tables of labels holds for these, too.
    blocks = [
        _paragraph(block) if isinstance(block, Paragraph) else "".join(_table(block))
        for block in document.iter_inner_content()
    ]
    text, remark = page_read("\n".join(blocks))
    return text, document.core_properties.title, remark


def _paragraph(paragraph: Paragraph) -> str:
    style = paragraph.style.name or "" if paragraph.style else ""
    if heading := _HEADING.match(style):
        tag = f"h{heading[1] or 1}"
    else:
        tag = "li" if _LIST.match(style) else "p"
    text = escape(paragraph.text).replace("\n", "<br>")
    return f"<{tag}>{text}</{tag}>" if text.strip() else ""


def _table(table: Table) -> Iterator[str]:
    yield "<table>"
    for row in table.rows:
        # A cell that spans columns is listed once for each of them.
        cells = dict.fromkeys(row.cells)
        yield "<tr>"
        for cell in cells:
            yield f"<td>{'<br>'.join(escape(part.text) for part in cell.paragraphs)}</td>"
        yield "</tr>"
    yield "</table>"


def _pdf(raw: bytes) -> tuple[str, str | None, str | None]:
    try:
        import pypdfium2
    except ImportError as error:
        raise LeftOut(f"not read: {_EXTRA}") from error
    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).casefold()
        what = (
            "a PDF file locked by a password" if locked else f"no PDF that can be opened: {error}"
        )
        raise NotText(what) from error
    try:
        pages = []
        for page in document:
            textpage = page.get_textpage()
            pages.append(_LINE_END_HYPHEN.sub("-\n", textpage.get_text_bounded()))
            textpage.close()
            page.close()
        title = document.get_metadata_dict().get("Title")
    finally:
        document.close()
    text = "\n\n".join(page.replace("\r\n", "\n").strip() for page in pages)
    if not text.strip():
        raise LeftOut(
            "not read: the PDF holds pictures of its pages only; recognise its text first"
        )
    return text, title, None
