"""LICENSES.md and the SBOM name what the lock installs, reciprocal licences apart."""

from __future__ import annotations

import json

from pipeline.licences import LOCK, PAGE, SBOM, licence, pinned

PACKAGES = list(pinned(LOCK.read_text(encoding="utf-8")))


def test_the_lock_is_read_whole() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert sum(len(one.hashes) for one in PACKAGES) == text.count("--hash=sha256:")
    assert {"spacy", "lxml", "pyarrow", "duckdb"} <= {one.name for one in PACKAGES}


def test_every_package_is_listed_with_its_licence() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for one in PACKAGES:
        if (said := licence(one.name)) is not None:
            assert f"| {one.name} | {one.version} | {said.replace('|', '/')} |" in page, one.name
    assert "not stated" not in page


def test_lgpl_and_mpl_parts_are_named_apart() -> None:
    reciprocal, _, others = PAGE.read_text(encoding="utf-8").partition("## The others")
    for name in ("python-stdnum", "ufal-udpipe", "certifi", "tqdm"):
        assert f"| {name} |" in reciprocal
    assert not any(sign in others for sign in ("LGPL", "GPL", "MPL", "Mozilla"))


def test_the_sbom_has_every_package_with_its_checksums() -> None:
    content = json.loads(SBOM.read_bytes())
    assert content["bomFormat"] == "CycloneDX"
    listed = {(one["name"], one["version"], len(one["hashes"])) for one in content["components"]}
    assert listed == {(one.name, one.version, len(one.hashes)) for one in PACKAGES}


def test_what_is_taken_over_is_named_and_lies_with_its_licence() -> None:
    _, _, taken = PAGE.read_text(encoding="utf-8").partition("## Taken over")
    assert "rOpenGov/geofi" in taken
    assert "BSD-2-Clause" in taken
    tiles = LOCK.parent / "pipeline" / "report" / "data" / "tiles.csv"
    assert "Redistributions in" in tiles.read_text(encoding="utf-8")
