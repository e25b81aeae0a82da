"""Where the models lie: beside the package in a checkout, within it where it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_WITHIN = _PACKAGE / "models"

MODELS = _WITHIN if _WITHIN.is_dir() else _PACKAGE.parent / "models"
