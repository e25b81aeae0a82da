"""A person who is to be forgotten: gone from every written byte, kept out of what comes later."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from record_cases import person, record

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.forget import StillThere, _known, _without_decisions, forget
from pipeline.forgotten import Forgotten
from pipeline.name_forms import person_of
from pipeline.options import Options
from pipeline.resolve import resolve
from pipeline.run import run
from pipeline.search_bytes import files_that_name
from pipeline.tables import locked, write_outputs
from pipeline.workers import Alone

pytestmark = pytest.mark.usefixtures("loaded")

FIRST = (
    "Kivijoen kunta käynnistää hankkeen Elävä kylä. Hankkeen projektipäällikkönä toimii Irmeli "
    "Keksikoski (irmeli.keksikoski@kivijoki.example, p. 040 123 4567). Keksikosken mukaan hanke "
    "alkaa 1.1.2024. Irmeli Keksikoskelta saa lisätietoja. Hanketta rahoittaa Euroopan unioni."
)
SECOND = (
    "Elävä kylä -hanke päättyi. Hanketta johti I. Keksikoski, ja siinä työskenteli suunnittelija "
    "Matti Mallikas. Kivijoen kunta kiittää kaikkia osallistujia ja rahoittajaa."
)
OTHER = (
    "Inarin kunta suunnittelee palveluja yhdessä asukkaiden kanssa. Hanketta johtaa Matti "
    "Mallikas, ja se kestää kaksi vuotta. Hankkeen nimi on Hyvä arki, ja se saa 50 000 euroa."
)


def listed(name: str, *contacts: str) -> Forgotten:
    empty = Forgotten(key=b"k" * 32)
    return Forgotten(key=empty.key, people=(person_of(empty, [name], contacts),))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Irmeli Keksikoski kertoo.", "[poistettu] kertoo."),
        ("irmeli.keksikoski@kunta.example", "[poistettu]@kunta.example"),
        ("Keksikosken Irmeli; ja KEKSIKOSKI, IRMELI", "[poistettu]; ja [poistettu]"),
        ("I. Keksikoskelle ja Irmelille", "[poistettu] ja [poistettu]"),
        (
            "Irmeli Keksikoski, Pekka Keksikoski ja M. Keksikoski. Näin Pekka. Keksikoski sanoi",
            "[poistettu], Pekka Keksikoski ja M. Keksikoski. Näin Pekka. [poistettu] sanoi",
        ),
        ("Irmeli Keksikoski. Johtaja Keksikoski", "[poistettu]. Johtaja [poistettu]"),
        ("Irmeli-Keksikoskikin, Keksikoskea", "[poistettu], [poistettu]"),
        ("Soita +358 40 123 4567.", "Soita [poistettu]."),
        ("Matti Keksikoski ja Irmeli Mallikas", "Matti Keksikoski ja Irmeli Mallikas"),
        ("Keksikoski on joki.", "Keksikoski on joki."),
        ("Irmeli M. Keksikoski kertoo.", "[poistettu] kertoo."),
        ("Irmeli Maria Keksikoskelle", "[poistettu]"),
        ("Irmeli Virtanen-Keksikoski", "[poistettu]"),
        ("Irmeli ”Ira” Keksikoski", "[poistettu]"),
        ("Irmeli ja Matti Keksikoski", "[poistettu]"),
        ("Irmeli\n      Keksikoski", "[poistettu]"),
        ("irmelikeksikoski@kunta.example", "[poistettu]"),
        ("Soita 040.123.4567.", "Soita [poistettu]."),
        (
            "Seuraa @irmelikeksikoski tai #KeksikoskiIrmeli!",
            "Seuraa @[poistettu] tai #[poistettu]!",
        ),
        ("https://tori.example/in/irmelikeksikoski", "https://tori.example/in/[poistettu]"),
        ("irmelikeksikoski82.txt", "[poistettu]82.txt"),
        ("Anna-Irmeli Keksikoski-Mallikas kertoo.", "[poistettu] kertoo."),
        ("irmeli-keksikoski-hanke.txt", "[poistettu]-hanke.txt"),
        ("Irmeli Mallikas, Matti Keksikoski", "Irmeli Mallikas, Matti Keksikoski"),
    ],
)
def test_every_form_of_a_name_is_taken_out(text: str, kept: str) -> None:
    forgotten = listed("Irmeli Keksikoski", "040 123 4567")
    assert forgotten.without_them(text) == (kept,)


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        # Double names, also in the names of files.
        ("Aino-Maija Väisänen-Kettunen", "aino-maija_vaisanen-kettunen.txt", "[poistettu].txt"),
        ("Aino-Maija Väisänen-Kettunen", "kettunen.vaisanen.maija.aino", "[poistettu]"),
        ("Aino-Maija Väisänen-Kettunen", "Aino-Maija Väisäselle", "[poistettu]"),
        ("Aino-Maija Väisänen-Kettunen", "Aino-Maija Väisänen-Kettusen hanke", "[poistettu] hanke"),
        # Joined names of three parts, whole, in part, as initials and written together.
        ("Anna-Maija Virta-Koski-Laine", "Anna-Maija Virta-Koski-Lainetta", "[poistettu]"),
        ("Anna-Maija Virta-Koski-Laine", "Virta-Koski-Laine, Anna-Maija", "[poistettu]"),
        ("Anna-Maija Virta-Koski-Laine", "A.-M. Virta-Koski-Laineelle", "[poistettu]"),
        ("Anna-Maija Virta-Koski-Laine", "AM Virta-Koski-Laine", "[poistettu]"),
        ("Anna-Maija Virta-Koski-Laine", "anna-maija-virta-koski-laine.txt", "[poistettu].txt"),
        ("Anna-Maija Virta-Koski-Laine", "annamaija.virtakoskilaine@k.fi", "[poistettu]@k.fi"),
        ("Anna-Maija Virta-Koski-Laine", "@amvirtakoskilaine", "@[poistettu]"),
        (
            "Anna-Maija Virta-Koski-Laine",
            "Anna-Maija Koski kertoi. Näin Virta-Koski-Laine, ja Koski-Laineen mukaan",
            "[poistettu] kertoi. Näin [poistettu], ja [poistettu] mukaan",
        ),
        ("Irmeli Keksikoski", "Irmeli Mallikas-Keksikoski-Mäki", "[poistettu]"),
        ("Irmeli Keksikoski", "I. M. Keksikoskelle", "[poistettu]"),
        ("Irmeli Keksikoski", "Irmeli. M. Keksikoski", "Irmeli. M. Keksikoski"),
        ("Anna-Maija-Liisa Keksikoski", "A.-M.-L. Keksikoski", "[poistettu]"),
        ("Anna-Maija-Liisa Keksikoski", "Maija-Liisa Keksikoskelle", "[poistettu]"),
        (
            "Anna-Maija Virta-Koski-Laine",
            "Matti Virta-Koski-Laine ja Anna-Maija Virtanen",
            "Matti Virta-Koski-Laine ja Anna-Maija Virtanen",
        ),
        # Particles are part of the family name, and nobody's given name.
        ("Klaus von der Heide", "Klaus von der Heidelle", "[poistettu]"),
        ("Klaus von der Heide", "K. M. von der Heide", "[poistettu]"),
        ("Klaus von der Heide", "von der Heide, Klaus", "[poistettu]"),
        ("Klaus von der Heide", "KLAUS VON DER HEIDE", "[poistettu]"),
        ("Klaus von der Heide", "klaus-von-der-heide.txt", "[poistettu].txt"),
        ("Klaus von der Heide", "klaus.von.der.heide@x.fi", "[poistettu]@x.fi"),
        ("Klaus von der Heide", "klaus.vonderheide@x.fi", "[poistettu]@x.fi"),
        (
            "Klaus von der Heide",
            "Klaus von der Heide kertoi. Von der Heiden mukaan",
            "[poistettu] kertoi. [poistettu] mukaan",
        ),
        ("Klaus Heide", "Klaus Heide. Ma–la Heide", "[poistettu]. Ma–la [poistettu]"),
        (
            "Klaus von der Heide",
            "Anna von der Heide, V. Heide ja Lotte van der Linden",
            "Anna von der Heide, V. Heide ja Lotte van der Linden",
        ),
        # What people call themselves: an initial and a family name, and either way round.
        ("Minna Kaukoranta", "@mkaukoranta tai #MKaukoranta!", "@[poistettu] tai #[poistettu]!"),
        ("Minna Kaukoranta", "x.example/in/mkaukoranta82", "x.example/in/[poistettu]82"),
        ("Minna Kaukoranta", "Kysy @kaukorantam", "Kysy @[poistettu]"),
        ("Minna Kaukoranta", "Minna ja @MKaukorannan kuvat", "[poistettu] ja @[poistettu] kuvat"),
        ("Minna Kaukoranta", "@pkaukoranta, mkaukoranta", "@pkaukoranta, mkaukoranta"),
    ],
)  # fmt: skip
def test_joined_names_particles_and_handles(name: str, text: str, kept: str) -> None:
    forgotten = listed(name)
    assert forgotten.without_them(text) == (kept,)
    assert bool(forgotten.find(text)) == (text != kept)


ADDRESSES = [
    person("p", "Irmeli Keksikoski", email="kirjaamo.kivijoki@k.example"),
    person("q", "Matti Mallikas", email="matti.mallikas@k.example"),
]


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("Irmeli Keksikoski", ({"Irmeli Keksikoski"}, set())),
        ("kirjaamo.kivijoki@k.example", (set(), {"kirjaamo.kivijoki@k.example"})),
        ("Matti Mallikas", ({"Matti Mallikas"}, {"matti.mallikas@k.example"})),
        ("Matti.Mallikas@k.example", ({"Matti Mallikas"}, {"matti.mallikas@k.example"})),
    ],
)
def test_an_office_s_address_is_nobody_s(
    tmp_path: Path, who: str, known: tuple[set[str], set[str]]
) -> None:
    with resolve([record("a.txt", ADDRESSES, [])]) as tables, locked(tmp_path) as held:
        write_outputs(tables, held)
    names, contacts = _known(tmp_path, who)
    assert (names, {one.casefold() for one in contacts}) == known


def test_the_list_holds_no_name() -> None:
    written = repr(listed("Irmeli Keksikoski", "irmeli@kunta.example")).casefold()
    assert "irmel" not in written
    assert "keksik" not in written


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, loaded: None) -> Path:
    """Announcements in ``in``, decisions, and two finished runs in ``out``."""
    place = tmp_path_factory.mktemp("once")
    folder = place / "in"
    folder.mkdir()
    for name, text in {"a.txt": FIRST, "irmeli-keksikoski.txt": SECOND, "c.txt": OTHER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (place / "corrections.csv").write_text(
        "decision,entity_type,document,name,other_document,other_name\n"
        "different,person,a.txt,Irmeli Keksikoski,irmeli-keksikoski.txt,Irmeli Keksikoski\n"
        "same,organisation,,Kivijoen kunta,,Inarin kunta\n",
        encoding="utf-8",
    )
    options = options_of(place)
    run(options)
    (folder / "d.txt").write_text(OTHER.replace("50 000", "60 000"), encoding="utf-8")
    run(options)  # so that there is a former run, and a database that was changed, not made anew
    return place


def options_of(place: Path) -> Options:
    corrections = place / "corrections.csv"
    return Options(input=place / "in", output=place / "out", workers=0, corrections=corrections)


@pytest.mark.parametrize("who", ["Irmeli Keksikoski", "irmeli.keksikoski@kivijoki.example", "id"])
def test_a_person_is_forgotten_everywhere_and_for_good(
    once: Path, tmp_path: Path, who: str
) -> None:
    shutil.copytree(once, tmp_path, symlinks=True, dirs_exist_ok=True)
    folder, output, corrections = (tmp_path / name for name in ("in", "out", "corrections.csv"))
    options = options_of(tmp_path)
    if who == "id":
        people = pq.read_table(output / "tables" / "people.parquet").to_pylist()
        (who,) = (row["person_id"] for row in people if row["family_name"] == "Keksikoski")
    proof = forget(who, options)
    assert proof.purged >= 2
    assert proof.files > 30
    for path in output.rglob("*"):
        assert b"eksikosk" not in path.read_bytes() if path.is_file() else True, path
    assert "Keksikoski" not in corrections.read_text(encoding="utf-8")
    assert "Inarin kunta" in corrections.read_text(encoding="utf-8")
    database = sqlite3.connect(output / "hankkeet.sqlite")
    search = "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH 'keksikos*'"
    assert database.execute(search).fetchone() == (0,)
    database.close()
    names = {row["name"] for row in pq.read_table(output / "tables" / "people.parquet").to_pylist()}
    assert names == {"Matti Mallikas"}
    # Neither a rebuild nor a new announcement brings them back.
    shutil.rmtree(output / ".store")
    (folder / "e.txt").write_text(FIRST.replace("1.1.2024", "1.2.2025"), encoding="utf-8")
    run(options)
    for path in output.rglob("*"):
        assert b"eksikosk" not in path.read_bytes() if path.is_file() else True, path
    assert not files_that_name(listed("Irmeli Keksikoski"), [output])[0]
    # A store that others use, too, may hold what they read: it is not taken over.
    run(Options(input=folder, output=tmp_path / "other", workers=0, store=str(tmp_path / "store")))
    run(Options(input=folder, output=output, workers=0, store=str(tmp_path / "store")))
    assert not files_that_name(listed("Irmeli Keksikoski"), [output])[0]


def test_what_others_wrote_is_named_not_changed(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text(FIRST, encoding="utf-8")
    run(Options(input=folder, output=output, workers=0))
    (output / "notes.json").write_text(json.dumps({"soita": "Irmeli Keksikoski"}), encoding="utf-8")
    with pytest.raises(StillThere, match=r"notes\.json"):
        forget("Irmeli Keksikoski", Options(input=folder, output=output, workers=0))
    assert "Keksikoski" in (output / "notes.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ('<a href="x/matti-mäki">Matti Mäki</a>', False),
        ("<li>Matti Mäki</li><li>Aino Virtanen</li>", False),
        ("<p>Aino <mark>Mä</mark>ki kertoo.</p>", True),
        ("<p>Aino M&auml;ki</p>", True),
        ('<a href="x/aino-mäki">hän</a>', True),
        ("<script>if (a<b) said = 'Aino Mäki'; c>d</script>", True),
    ],
)
def test_marks_in_a_page_are_no_part_of_a_name(tmp_path: Path, page: str, *, named: bool) -> None:
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    assert bool(files_that_name(listed("Aino Mäki"), [tmp_path])[0]) is named


def test_a_decision_about_two_others_stays(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("same,Matti Mäki,Aino Virtanen\n", encoding="utf-8")
    _without_decisions(decisions, listed("Aino Mäki"))
    assert "Virtanen" in decisions.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("toimisto@kivijoki.example", "The address alone is forgotten: nobody is known by it."),
        ("Ei Kukaan", "Nothing was found of Ei Kukaan"),
    ],
)
def test_no_more_is_claimed_than_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str, said: str
) -> None:
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    text = (
        "Inarin kunta suunnittelee palveluja yhdessä asukkaiden kanssa. Hankkeen nimi on Hyvä arki "
        "ja se saa 50 000 euroa. Kunnan osoite on toimisto@kivijoki.example."
    )
    (folder / "a.txt").write_text(text, encoding="utf-8")
    run(Options(input=folder, output=output, workers=0))
    assert main(["forget", who, "--input", str(folder), "--output", str(output)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert said in told
    assert "no form of the name" not in told


def test_half_a_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(PipelineError, match="whole name"):
        forget("Irmeli", Options(input=tmp_path / "in", output=tmp_path / "out", workers=0))


def test_forget_and_prune_are_told_what_the_runs_were_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other column names, a store of its own, a register, no pages."""
    monkeypatch.setattr(
        "pipeline.workers.Processes", lambda load, count, seconds: Alone(load, seconds)
    )
    feed, output, store = tmp_path / "posts.csv", tmp_path / "out", tmp_path / "store"
    register = tmp_path / "register.csv"
    rows = [f'{number};"{text}"' for number, text in enumerate((FIRST, SECOND, OTHER))]
    feed.write_text("\n".join(["tunnus;teksti", *rows]), encoding="utf-8")
    register.write_text("code,name,lead,start,end,granted_eur\nA1,Elävä kylä,,,,\n", "utf-8")
    told = ["--input", str(feed), "--output", str(output), "--store", str(store), "--no-report"]
    told += ["--columns", "tunnus=id,teksti=text", "--register", str(register)]
    assert main(["run", *told, "--quiet"]) == 0

    def tables(name: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = pq.read_table(
            output / "tables" / f"{name}.parquet"
        ).to_pylist()
        return found

    matched = tables("register_matches")
    assert main(["forget", "Irmeli Keksikoski", *told]) == 0
    assert "Forgotten." in capsys.readouterr().out
    assert [row["status"] for row in tables("documents")] == ["ok"] * 3
    assert tables("register_matches") == matched
    assert not (output / "report").exists()
    assert not files_that_name(listed("Irmeli Keksikoski"), [output, store])[0]

    feed.write_text("\n".join(["tunnus;teksti", *rows[:2]]), encoding="utf-8")
    assert main(["run", *told, "--quiet"]) == 0
    gone = listed("Hyvä arki")  # the project of the row that is gone: others may share the store
    assert files_that_name(gone, [store])[0]
    assert main(["prune", *told]) == 0
    assert not files_that_name(gone, [output, store])[0]
    assert len(tables("documents")) == 2
