"""What is installed from the lock, under which licences: ``python -m pipeline.licences``.

Writes ``LICENSES.md`` for people and ``sbom.json`` (CycloneDX) for machines, from
``requirements.lock`` and what the installed packages say of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parent.parent
LOCK, PAGE, SBOM = ROOT / "requirements.lock", ROOT / "LICENSES.md", ROOT / "sbom.json"
# Ours may be combined with these, but they have conditions of their own when passed on.
_RECIPROCAL = re.compile(r"\b(?:L?GPL|MPL|Mozilla|Lesser General Public|EUPL|CDDL)", re.IGNORECASE)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LONGEST = 60  # characters; a longer licence is its text, not its name

_HEAD = """\
# Licences of what it stands on

Made by `make licences` from `requirements.lock`; a test says when it is out of date. The project's
own code is under the [MIT licence](LICENSE); models and data name theirs where they lie
([models/](models/README.md), [corpus/](corpus/README.md)). The same list for machines, with
checksums: [sbom.json](sbom.json).

"""
_TAKEN = """\

## Taken over

| what | from | licence |
|---|---|---|
| positions of the regions' tiles on the maps (`pipeline/report/data/tiles.csv`) | \
`grid_maakunta` of [geofi](https://github.com/rOpenGov/geofi) (rOpenGov) | \
BSD-2-Clause, as the file says |
"""
_RECIPROCAL_HEAD = """\
## With conditions when passed on

These are under reciprocal licences (LGPL, MPL). They are installed beside the project, unchanged,
as packages of their own; whoever passes them on passes on their licence, and their source where it
is asked for.

"""


class Pinned(NamedTuple):
    """A package of the lock: its name, version, marker and the checksums of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pinned(lock: str) -> Iterator[Pinned]:
    """The packages of a lock file, in its order."""
    found: Pinned | None = None
    for line in lock.splitlines():
        if match := _PINNED.match(line):
            if found is not None:
                yield found
            found = Pinned(match[1], match[2], match[3] or "", ())
        elif found is not None and (hashed := _HASH.search(line)):
            found = found._replace(hashes=(*found.hashes, hashed[1]))
    if found is not None:
        yield found


def licence(name: str) -> str | None:
    """The licence that an installed package states; ``None`` where it is not installed."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return None
    return _stated(package) or "not stated"


def _stated(package: Distribution) -> str:
    said = package.metadata.json
    if expression := said.get("license_expression"):
        return str(expression)
    classes = [
        line.rpartition(" :: ")[2]
        for line in said.get("classifier", ())
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    stated = str(said.get("license", "")).strip()
    if classes:
        return ", ".join(dict.fromkeys(classes))
    return stated if 0 < len(stated) <= _LONGEST and "\n" not in stated else ""


def page(packages: list[Pinned]) -> str:
    """``LICENSES.md``."""
    stated = [(one, licence(one.name)) for one in packages]
    there = [(one, said) for one, said in stated if said is not None]
    reciprocal = [(one, said) for one, said in there if _RECIPROCAL.search(said)]
    others = [(one, said) for one, said in there if not _RECIPROCAL.search(said)]
    elsewhere = sorted(one.name for one, said in stated if said is None)
    parts = [_HEAD, _RECIPROCAL_HEAD, _table(reciprocal), "\n## The others\n\n", _table(others)]
    if elsewhere:
        parts.append(f"\nOn other systems or Pythons also: {', '.join(elsewhere)}.\n")
    parts.append(_TAKEN)
    return "".join(parts)


def _table(rows: list[tuple[Pinned, str]]) -> str:
    lines = ["| package | version | licence |", "|---|---|---|"]
    lines += [f"| {one.name} | {one.version} | {said.replace('|', '/')} |" for one, said in rows]
    return "\n".join(lines) + "\n"


def sbom(packages: list[Pinned]) -> bytes:
    """``sbom.json``: a CycloneDX list of components with the checksums of their files."""
    components = [
        {
            "type": "library",
            "name": one.name,
            "version": one.version,
            "purl": f"pkg:pypi/{one.name.lower()}@{one.version}",
            "licenses": [{"license": {"name": licence(one.name) or "not installed here"}}],
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
        }
        for one in packages
    ]
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "hankepoimuri"}},
        "components": components,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def main() -> None:
    """Write both files."""
    packages = list(pinned(LOCK.read_text(encoding="utf-8")))
    PAGE.write_text(page(packages), encoding="utf-8")
    SBOM.write_bytes(sbom(packages))


if __name__ == "__main__":
    main()
