"""Where the models lie, and whether they are those that were measured: ``CHECKSUMS`` says.

They lie beside the package in a checkout, within it where it is installed.
"""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from pipeline.errors import ModelsDamaged

_PACKAGE = Path(__file__).resolve().parent
_WITHIN = _PACKAGE / "models"

MODELS = _WITHIN if _WITHIN.is_dir() else _PACKAGE.parent / "models"
NO_MODELS = {".md", ".json"}
CHECKSUMS = "CHECKSUMS"


def verify_models(folder: Path = MODELS) -> None:
    """Compare every model file with its SHA-256 in ``CHECKSUMS``.

    Raises ``ModelsDamaged`` naming the first file that is missing, unknown, or another one: a
    network of zeros runs like any other, and some libraries end the process over a damaged file.
    """
    stated = _stated(folder / CHECKSUMS)
    there = {
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in NO_MODELS | {""}
    }
    for name in sorted(stated.keys() | there):
        path = folder / name
        if name not in stated:
            raise ModelsDamaged(path, f"is not listed in {CHECKSUMS}")
        if name not in there:
            raise ModelsDamaged(path, "is missing")
        if _sha256(path) != stated[name]:
            raise ModelsDamaged(path, f"is not the file that {CHECKSUMS} lists")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _stated(path: Path) -> dict[str, str]:
    """SHA-256 by name. Raises ``ModelsDamaged``."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        return {name.lstrip("*"): digest for digest, name in (line.split() for line in lines)}
    except OSError as error:
        raise ModelsDamaged(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ModelsDamaged(path, "is no list of checksums") from error
