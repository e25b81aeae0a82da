"""What a table and a column are, and the columns that many tables have."""

from __future__ import annotations

from typing import Literal

import msgspec

from pipeline.tables.codes import ENTITY_TYPES

Type = Literal["string", "integer", "number", "boolean", "date"]


class ForeignKey(msgspec.Struct, frozen=True):
    """``column`` holds ids of ``table``."""

    table: str
    column: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column; ``enum`` lists the only values allowed, ``minimum``/``maximum`` the range."""

    name: str
    type: Type = "string"
    description: str
    nullable: bool = True
    unit: str | None = None
    enum: tuple[str, ...] = ()
    foreign: ForeignKey | None = None
    minimum: float | None = None
    maximum: float | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One table; ``key`` names the columns of its primary key, ``order`` those it is sorted by."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    fact: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; raises ``KeyError`` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)


def text(name: str, description: str, *, nullable: bool = True) -> Column:
    """A text column."""
    return Column(name=name, description=description, nullable=nullable)


def code(name: str, values: tuple[str, ...], description: str, *, nullable: bool = False) -> Column:
    """A column of codes: ``values`` are the only ones allowed."""
    return Column(name=name, description=description, enum=values, nullable=nullable)


def day(name: str, description: str) -> Column:
    """A column of dates."""
    return Column(name=name, type="date", description=description)


def identity(name: str, what: str) -> Column:
    """The column of a table's own id."""
    return Column(name=name, description=f"Id of the {what}, derived from content", nullable=False)


def reference(name: str, table: str, description: str, *, nullable: bool = True) -> Column:
    """A column of ids of another table."""
    foreign = ForeignKey(table, name if not name.startswith("related_") else name[8:])
    return Column(name=name, description=description, nullable=nullable, foreign=foreign)


def euros(name: str, description: str) -> Column:
    """A column of amounts in euros."""
    return Column(name=name, type="number", unit="EUR", minimum=0, description=description)


def entity(description: str, *, typed: bool = True, known: bool = True) -> tuple[Column, Column]:
    """The two columns that name an entity of any type: which table, and its id there.

    ``typed`` says that the type is always told, ``known`` that the id is.
    """
    return (
        code(
            "entity_type", ENTITY_TYPES, "Which entity table the id belongs to", nullable=not typed
        ),
        text("entity_id", description, nullable=not known),
    )


PROVENANCE = (
    reference("doc_id", "documents", "Announcement the fact was read in", nullable=False),
    Column(
        name="start_char",
        type="integer",
        unit="code points",
        nullable=False,
        minimum=0,
        description="Where the evidence starts in documents.text",
    ),
    Column(
        name="end_char",
        type="integer",
        unit="code points",
        nullable=False,
        minimum=0,
        description="Where the evidence ends in documents.text (not included)",
    ),
    Column(name="rule", nullable=False, description="Name of the rule or model that read it"),
    Column(
        name="confidence",
        type="number",
        unit="probability",
        nullable=False,
        minimum=0,
        maximum=1,
        description="How sure the reading is, from 0 to 1",
    ),
)

BY_PLACE = ("doc_id", "start_char", "end_char")
