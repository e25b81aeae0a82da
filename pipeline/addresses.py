"""Places by address: a folder of this machine, or whatever fsspec has a file system for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.errors import AddressUnusable

# A fsspec file system; its package comes without types.
FileSystem = Any


def opened(address: str | Path) -> tuple[FileSystem, str]:
    """The file system of an address and the path in it.

    Raises ``AddressUnusable`` for a protocol that nobody knows, that needs a package which is not
    installed, or that refuses what the address says.
    """
    from fsspec.core import url_to_fs  # slow to load, and few inputs lie elsewhere

    try:
        system, path = url_to_fs(str(address))
    except ImportError as error:  # its message names the package
        raise AddressUnusable(address, f"{error} (pip install it beside)") from error
    except Exception as error:  # each file system has errors of its own
        raise AddressUnusable(address, str(error) or type(error).__name__) from error
    return system, str(path)


def local_folder(address: Path | str) -> Path | None:
    """The path of what lies on this machine (``file://`` too); ``None`` for anything else.

    Raises ``AddressUnusable``.
    """
    if isinstance(address, Path):
        return address
    if "://" not in address:
        return Path(address)
    from fsspec.implementations.local import LocalFileSystem

    system, path = opened(address)
    return Path(path) if isinstance(system, LocalFileSystem) else None
