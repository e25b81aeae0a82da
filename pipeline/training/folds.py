"""Folds of announcements: what is fitted is measured on those that it did not see."""

from __future__ import annotations

from hashlib import sha256

FOLDS = 3
SISTERS = 2
"""Networks that are taught without a fold each: what they tell of it is what evidence learns from.

One takes nearly as long as the network of all announcements.
"""


def digest(text: str) -> str:
    """Hexadecimal SHA-256 of a text."""
    return sha256(text.encode("utf-8")).hexdigest()


def fold_of(text: str) -> int:
    """The fold of an announcement, by its text or its name."""
    return int(digest(text), 16) % FOLDS
