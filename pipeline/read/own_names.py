"""Names that are told apart: one that is taken gets a number behind it."""

from __future__ import annotations


class OwnNames:
    """Gives each name once: one that is taken gets "~2", "~3" … behind it."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def name(self, name: str) -> str:
        """The name, or one of its own."""
        own, copy = name, self._taken.get(name, 0)
        while own in self._taken:
            copy += 1
            own = f"{name}~{copy}"
        self._taken[name] = max(copy, 1)
        self._taken.setdefault(own, 1)
        return own
