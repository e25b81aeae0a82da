"""What a view is: a question's answer in SQL, with the meaning of every column."""

from __future__ import annotations

import msgspec

from pipeline.tables.schema import Column


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A view of the SQLite file; ``sql`` is its SELECT, ``needs`` the views it reads."""

    name: str
    description: str
    columns: tuple[Column, ...]
    sql: str
    needs: tuple[str, ...] = ()

    @property
    def ddl(self) -> str:
        """The CREATE VIEW statement."""
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f'CREATE VIEW "{self.name}" ({names}) AS\n{self.sql.strip()}'


def text(name: str, description: str) -> Column:
    """A text column."""
    return Column(name=name, description=description)


def day(name: str, description: str) -> Column:
    """A date."""
    return Column(name=name, type="date", description=description)


def euros(name: str, description: str) -> Column:
    """An amount of euros."""
    return Column(name=name, type="number", unit="EUR", description=description)


def number(name: str, description: str, unit: str | None = None) -> Column:
    """A number that need not be whole."""
    return Column(name=name, type="number", unit=unit, description=description)


def count(name: str, description: str) -> Column:
    """A whole number."""
    return Column(name=name, type="integer", description=description)


def truth(name: str, description: str) -> Column:
    """True or false."""
    return Column(name=name, type="boolean", description=description)


PLACE = (
    text("doc_id", "Announcement where it was read most surely"),
    count("start_char", "Where the evidence starts in documents.text"),
    count("end_char", "Where the evidence ends in documents.text (not included)"),
    text("rule", "Rule or model that read it"),
    number("confidence", "How sure the reading is, from 0 to 1"),
)
