"""The whole repair: what comes out, what it says it did, and that clean text is left alone."""

from __future__ import annotations

import random
import textwrap
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Edit
from pipeline.repair import STEPS, repair, replay
from pipeline.repair.changes import apply
from pipeline.repair.misreadings import CODE_PAGES

CASES = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[2] / "shared" / "eval" / "announcements"


def cases(name: str, *keys: str) -> list[Any]:
    data = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["comment"]) for key in keys for case in data[key]]


CLEAN = [case.values[0]["text"] for case in cases("repair_clean", "clean")]


# --- clean text ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("repair_clean", "clean"))
def test_clean_text_is_left_alone(case: dict[str, str]) -> None:
    repaired = repair(case["text"])
    assert repaired.edits == ()
    assert repaired.text == case["text"]


LETTERS = {
    "Finnish": "aeiouyäöåhjklmnprstvdg" + "šž",
    "Swedish": "abcdefghijklmnoprstuvxyåäöé",
    "North Sámi": "aábcčdđeghijklmnŋoprsštŧuvzž",
    "Inari Sámi": "aâáäåbcčdđefghijklmnŋoprsštuvyzž",
    "Skolt Sámi": "aâbcčʒǯdđegǧǥhijkǩlmnŋoõprsštuvzžåäʹʼ",
}


@st.composite
def words(draw: st.DrawFn) -> str:
    """A word as it stands in a sentence: capitalised or not, quoted, with a mark behind it."""
    letters = LETTERS[draw(st.sampled_from(sorted(LETTERS)))]
    word = draw(st.text(letters, min_size=2, max_size=12))
    case = draw(st.sampled_from([str, str.capitalize, str.upper]))
    frame = draw(
        st.sampled_from(
            ["{}"] * 8
            + ["{},", "{}.", "{}:", "{}?", "”{}”", "”{}”,", "’{}’", "»{}»", "«{}»", "({})", "{}…"]
            + ["{}-hanke", "{} – {}", "{}–{}", "12 {}", "80 % {}", "5 € {}", "“{}”", "‘{}’", "{}:n"]
        )
    )
    return frame.replace("{}", case(word))


sentences = st.lists(words(), min_size=1, max_size=12).map(" ".join)
texts = st.lists(sentences, min_size=1, max_size=5).map("\n\n".join)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_built_clean_text_is_left_alone(text: str) -> None:
    assert repair(text).edits == ()


# --- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    [
        *cases("repair_damaged", "wild", "synthetic"),
        *cases("repair_line_breaks", "wrapped"),
    ],
)
def test_damaged_text(case: dict[str, str]) -> None:
    repaired = repair(case["before"])
    assert repaired.text == case["after"]
    assert replay(case["before"], repaired.edits) == case["after"]


ANNOUNCEMENT = """Äijälän ja Törmälän kunnat saivat 277 440 € – ”hyvä alku”, sanoo Åke Öhman

Projektipäällikkö Säde Äärilän mukaan työ alkaa syyskuussa 2023 ja päättyy vuonna 2025.

Hankkeen työntekijät: Jürgen Müller, Áile Čáhppe, Žanna Šíšková, Tõnis Õun – ’tiimi’…

ÖLJYÄ, ÄÄNTÄ JA ÅÄÖ: §, ½, m², «näin», »noin»
"""


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_round_trip_through_a_wrong_code_page(code_page: str, times: int) -> None:
    damaged = ANNOUNCEMENT
    for _ in range(times):
        damaged = damaged.encode().decode(code_page)
    assert repair(damaged).text == ANNOUNCEMENT


@pytest.mark.parametrize("code_page", CODE_PAGES)
@pytest.mark.parametrize("seed", range(3))
def test_round_trip_of_some_paragraphs(code_page: str, seed: int) -> None:
    chance = random.Random(seed)
    damaged = "\n".join(
        line.encode().decode(code_page) if chance.random() < 0.5 else line
        for line in ANNOUNCEMENT.split("\n")
    )
    assert repair(damaged).text == ANNOUNCEMENT


@pytest.mark.parametrize(
    ("text", "code_pages"),
    [
        ("Hanke on «valmis»", ["latin-1"] * 3),
        ("Avoin café", ["iso-8859-2"] * 4),  # twice as many layers would make "Ʒ" of it
        ("À la carte -hanke saa 5 000 €", ["cp850"] * 3),  # and no "ÔÜÇ" of other code pages
        ("Lopuksi voilà", ["cp850", "sloppy-windows-1250"]),  # nor "÷" of one code page alone
    ],
)
def test_text_misread_again_and_again(text: str, code_pages: list[str]) -> None:
    damaged = text
    for code_page in code_pages:
        damaged = damaged.encode().decode(code_page)
    assert repair(damaged).text == text


@pytest.mark.parametrize(
    ("others", "damaged", "mended"),
    [
        (6, "Se tehdÃ€Ã€n tÃ€Ã€llÃ€.", "Se tehdään täällä."),  # three votes of its own for ä
        (4, "Keittiö Ã€ la carte.", "Keittiö À la carte."),  # one vote, and the text's for À
    ],
)
def test_a_line_has_a_code_page_of_its_own_unless_much_says_otherwise(
    others: int, damaged: str, mended: str
) -> None:
    text = "Ã„idit kertovat kylÃ¤stÃ¤.\n\n" * others + damaged
    assert repair(text).text == "Äidit kertovat kylästä.\n\n" * others + mended


@given(st.lists(words(), min_size=8, max_size=30).map(" ".join), st.sampled_from(CODE_PAGES))
@settings(max_examples=200, deadline=None)
def test_built_sentences_survive_a_wrong_code_page(text: str, code_page: str) -> None:
    anchored = f"Päätös työstä: {text}"  # letters that tell the code page beyond doubt
    assert repair(anchored.encode().decode(code_page)).text == anchored


PROSE = """Törmälän kunta ja Äijälän yliopisto aloittavat syyskuussa yhteisen Hyvä arki -hankkeen, \
jota rahoittaa sosiaali- ja terveysministeriö 277 440 eurolla. Hanketta hallinnoi kunta, ja siinä \
ovat mukana myös Pohjois-Keksilän kylät sekä Malli-ammattikorkeakoulu.

Projektipäällikkönä työskentelee Maija Mallikas, joka on aiemmin johtanut Huoleti kotona \
-hanketta. Mallikkaan mukaan ensimmäiset kokeilut tehdään keväällä 2024 kymmenessä kylässä.
"""


@pytest.mark.parametrize("width", range(56, 100, 4))
def test_wrapped_prose_is_unwrapped(width: int) -> None:
    wrapped = "\n".join(textwrap.fill(line, width) for line in PROSE.split("\n"))
    assert repair(wrapped).text == PROSE


def filled(width: int, lines: int = 5) -> list[str]:
    """Lines of one sentence, each as wide as that."""
    line = f"kunta ja kylät {'aloittavat työn ' * 10}"[: width - 1].rstrip().ljust(width, "n")
    return [line.capitalize(), *[line] * (lines - 2), f"{line[: width // 2].rstrip()}."]


@pytest.mark.parametrize(
    ("width", "joined"),
    [(39, False), (40, True), (41, True), (119, True), (120, True), (121, False)],
)
def test_lines_are_wrapped_to_40_to_120_characters(width: int, joined: bool) -> None:
    text = "\n".join(filled(width))
    assert repair(text).text == (text.replace("\n", " ") if joined else text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hyva arki \ufffdhankkeen tuki", "Hyva arki –hankkeen tuki"),
        ("Oulu\ufffdKemi\ufffdTornio", "Oulu–Kemi–Tornio"),
        ("\ufffdhtari", "Ähtari"),
        ("Summa on 5 000 \ufffd.", "Summa on 5 000 €."),
        ("Vuonna 2024 \ufffd se alkaa", "Vuonna 2024 – se alkaa"),
        ("kylassa.\ufffd Niin", "kylassa.” Niin"),
        ("T?ss? k?sky m?ki", "Tässä käsky mäki"),
        ("T?ss? k?sky", "T?ss? k?sky"),
        ("[**Hanke**](https://kunta.example) alkaa", "Hanke alkaa"),
        ("**Hanke** \\*alkaa\\*", "Hanke *alkaa*"),
        ("**Hanke**\n\n![kuva](a.png)Kyla", "Hanke\n\nKyla"),
        ("**Hanke**\n> sanoo han", "Hanke\nsanoo han"),
        ("a=E4 b=E4c d=E4=E4", "aä bäc dää"),
        ("a=E4 b=E4c", "a=E4 b=E4c"),
    ],
)
def test_small_damage(before: str, after: str) -> None:
    assert repair(before).text == after


# --- invariants ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *"ä¤â€“√§&\x93\r\u00ad\u200b\u00a0¨a\n–\t{Ã¤ÂÅ‘„?\ufffd",
        *("Ã¤", "â€", "&auml;", "&amp;", "auml;", "a\u0308", "-\n", "  ", "x{y", "s„s", "-hanke"),
        "Hanke alkaa ja jatkuu pitkään vielä",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@settings(max_examples=500, deadline=None)
def test_repair_is_idempotent_and_replayable(text: str) -> None:
    repaired = repair(text)
    assert replay(text, repaired.edits) == repaired.text
    assert repair(repaired.text).text == repaired.text


@pytest.mark.parametrize(("name", "step"), STEPS)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@settings(max_examples=100, deadline=None)
def test_a_step_finds_nothing_in_its_own_output(name: str, step: Any, text: str) -> None:
    after = apply(text, step(text))
    assert step(after) == [], name


def test_edits_say_what_each_step_did() -> None:
    damaged = "HyvÃ¤ p&auml;iv&auml;\u00ad\u00a0!"
    repaired = repair(damaged)
    assert repaired.steps == ("html_entities", "mojibake", "invisible", "unusual_spaces")
    assert repaired.edits[0] == Edit(
        step="html_entities", start=7, end=13, before="&auml;", after="ä"
    )
    assert repaired.text == "Hyvä päivä !"


def test_edits_of_another_text_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        replay("aivan muuta tekstiä", repair("HyvÃ¤").edits)


def test_clean_text_costs_little() -> None:
    text = "\n\n".join(["Törmälän kunta ja Äijälän yliopisto aloittavat työn. " * 8] * 9)[:4000]
    repair(text)
    started = time.perf_counter()
    for _ in range(20):
        repair(text)
    assert (time.perf_counter() - started) / 20 < 0.02  # about 1 ms on an idle machine


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared announcements are not there")
def test_shared_announcements_come_out_clean() -> None:
    allowed = set("äöåÄÖÅéüáčđŋšŧž–—”’»«›€…§½°²·")
    for path in sorted(SHARED.glob("*.txt")):
        repaired = repair(path.read_text(encoding="utf-8"))
        strange = {character for character in repaired.text if character > "\x7f"} - allowed
        assert not strange, path.name
        assert repair(repaired.text).edits == ()
