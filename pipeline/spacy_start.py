"""Spares spaCy's own command line, which ``import spacy`` brings along: a third of its start.

spaCy imports ``spacy.cli.info`` for one function, ``spacy.info``, and with it typer, requests,
httpx and every command it has. A stand-in gives that function and fetches the real one when called.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_SPARED = "spacy.cli.info"


def spare_command_line() -> None:
    """Put the stand-in where ``import spacy`` will look; nothing where spaCy is already there."""
    if "spacy" in sys.modules:
        return
    stand_in = ModuleType(_SPARED)
    stand_in.info = _info  # type: ignore[attr-defined]
    sys.modules[_SPARED] = stand_in


def _info(*arguments: Any, **options: Any) -> Any:
    """What ``spacy.info`` says."""
    sys.modules.pop(_SPARED, None)
    return import_module(_SPARED).info(*arguments, **options)
