"""Names that are told apart: one that is taken gets a number."""

from __future__ import annotations


class OwnNames:
    """Gives each name once: one that is taken gets "~2", "~3" … behind it."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def name(self, name: str, suffix: str = "") -> str:
        """The name, or one of its own; a number stands before the ``suffix`` that it ends in."""
        stem = name.removesuffix(suffix)
        own, copy = name, self._taken.get(name, 0)
        while own in self._taken:
            copy += 1
            own = f"{stem}~{copy}{name[len(stem) :]}"
        self._taken[name] = max(copy, 1)
        self._taken.setdefault(own, 1)
        return own
