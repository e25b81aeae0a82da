"""Tables without people: no name, address or number anywhere, and all else as it was."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.options import Options
from pipeline.pseudonyms import mask
from pipeline.run import run
from pipeline.tables.schema import TABLES

pytestmark = pytest.mark.usefixtures("loaded")

POSTS = {
    "a.txt": (
        "Kivijoen kunta käynnistää hankkeen Elävä kylä 1.1.2024. Projektipäällikkönä toimii Irmeli "
        "Keksikoski (irmeli.keksikoski@kivijoki.example, p. 040 123 4567). Keksikosken mukaan "
        "hanke saa 1 200 000 euroa. Irmelille voi soittaa, tai Matti Mallikkaalle. Hanke A81234."
    ),
    "irmeli-keksikoski.txt": (
        "Elävä kylä -hanketta johti Irmeli Keksikoski. Hanketta rahoitti Euroopan unioni 50 000 "
        "eurolla vuosina 2021–2023, ja toteuttaja oli Kivijoen kunta (0201256-6)."
    ),
    "irmeli keksikoski.html": "",
    "irmelikeksikoski.txt": (
        "Kivijoen kunta kertoo hankkeen Elävä kylä kuulumisista syksyllä. Seuraa tunnusta "
        "@irmelikeksikoski tai @ikeksikoski, tai lue lisää osoitteesta https://tori.example/in/irmelikeksikoski."
    ),
}


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in POSTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows(output: Path, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(
        output / "tables" / f"{table}.parquet"
    ).to_pylist()
    return found


def test_nothing_tells_who_the_people_are(posts: Path, tmp_path: Path) -> None:
    whole, masked = tmp_path / "whole", tmp_path / "masked"
    run(Options(input=posts, output=whole, workers=0))
    run(Options(input=posts, output=masked, workers=0))  # a run with people, to be replaced
    run(Options(input=posts, output=masked, workers=0, without_people=True))
    for path in masked.rglob("*"):
        if path.is_file() and ".store" not in path.parts:
            said = path.read_bytes().decode("utf-8", errors="replace").casefold()
            assert not re.search("keksikos|irmeli|mallik|kivijoki.example|040 123", said), path
    said = json.dumps([rows(masked, table.name) for table in TABLES], default=str).casefold()
    assert not re.search("keksikos|irmeli|mallik|kivijoki.example|040 123", said)
    # The rest is as it was, row by row.
    for table in ("projects", "organisations", "areas", "participations", "project_areas"):
        assert rows(masked, table) == rows(whole, table)
    for table in ("mentions", "roles", "dates", "budgets", "people"):
        assert len(rows(masked, table)) == len(rows(whole, table))
    assert {row["amount"] for row in rows(masked, "budgets")} >= {1_200_000.0, 50_000.0}
    assert "0201256-6" in said
    assert "1 200 000 euroa" in said
    assert {row["role"] for row in rows(masked, "roles")} == {
        row["role"] for row in rows(whole, "roles")
    }
    database = sqlite3.connect(masked / "hankkeet.sqlite")
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_pseudonyms_stay_from_run_to_run_and_differ_between_folders(
    posts: Path, tmp_path: Path
) -> None:
    def people(output: Path) -> set[object]:
        run(Options(input=posts, output=output, workers=0, without_people=True))
        return {row["person_id"] for row in rows(output, "people")}

    first = people(tmp_path / "one")
    (posts / "b.txt").write_text(POSTS["a.txt"].replace("2024", "2025"), encoding="utf-8")
    assert people(tmp_path / "one") >= first
    assert not people(tmp_path / "other") & first
    assert (
        run(Options(input=posts, output=tmp_path / "one", workers=0, without_people=True)).changed
        is False
    )


def test_announcements_in_which_no_people_were_read_are_written_without_text(
    posts: Path, tmp_path: Path
) -> None:
    swedish = (
        "Kommunen startar ett projekt för bättre byar. Projektledare är Gunilla Testström, och "
        "projektet pågår i två år. Projektet finansieras av Europeiska unionen och kommunen."
    )
    (posts / "sv.txt").write_text(swedish, encoding="utf-8")
    run(Options(input=posts, output=tmp_path / "out", workers=0, without_people=True))
    (post,) = (row for row in rows(tmp_path / "out", "documents") if row["source"] == "sv.txt")
    assert (post["status"], post["text"], post["title"]) == ("skipped", None, None)
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file() and ".store" not in path.parts:
            assert b"Teststr" not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Soita 040 123 4567 tai +358401234567!", "Soita ███ ███ ████ tai █████████████!"),
        ("Summa 1 200 000 €, 10.12.2024, 2021–2023", "Summa 1 200 000 €, 10.12.2024, 2021–2023"),
        ("Y-tunnus 0201256-6, diaari 0123/2020", "Y-tunnus 0201256-6, diaari 0123/2020"),
        ("info(at)kunta.fi", "████████████████"),
        ("info ät kunta.fi", "████ ██ ████████"),
        ("info[a]kunta.fi", "███████████████"),
        ("p. 040/1234567", "p. ███████████"),
        ("040.123.4567 ja 040 – 123 4567", "████████████ ja ███ █ ███ ████"),
        ("puh. 1234567", "puh. ███████"),
        ("p.0401234567", "p.██████████"),
        ("Hetu 120370-123A, 010203A1234", "Hetu ███████████, ███████████"),
        ("(120370+123a) 120370-123AB", "(███████████) 120370-123AB"),
        ("01.01.2024 klo 08.30–16.00, 0–10 000 €", "01.01.2024 klo 08.30–16.00, 0–10 000 €"),
    ],
)
def test_addresses_and_numbers_are_masked_and_sums_are_not(text: str, masked: str) -> None:
    assert mask(text, []) == masked
