"""The whole repair: what comes out, what it says it did, and that clean text is left alone."""

from __future__ import annotations

import pytest

from pipeline.repair import repair, replay

CLEAN = (
    "Päätoteuttaja on Törmälän kunta – mukana ovat myös Åbolands skärgård ja Ähtävä.\n\n"
    "”Sámegiella lea min eallin”, dadjá Áilu. Čálli: Ánde Márjá, đŋŧž.\n\n"
    "Budjetti on 277 440 €, josta 80 % on ESR+-tukea (á 12 €/h).\n"
)
MISREAD_AS = ["cp1252", "mac_roman", "mac_latin2", "cp850", "cp437", "iso-8859-15"]


def test_clean_text_is_left_alone() -> None:
    assert repair(CLEAN).text == CLEAN
    assert repair(CLEAN).edits == ()


@pytest.mark.parametrize("code_page", MISREAD_AS)
def test_utf8_read_as_another_code_page(code_page: str) -> None:
    clean = "Hyväksytty – ”Työtä ja yrittäjyyttä Ylä-Kemijoelle” sai 12 000 €."
    damaged = clean.encode().decode(code_page, errors="ignore")
    assert repair(damaged).text == clean


def test_edits_can_be_replayed() -> None:
    damaged = "HyvÃ¤ p&auml;iv&auml;\u00ad\u00a0!"
    repaired = repair(damaged)
    assert repaired.steps == ("html_entities", "mojibake", "invisible", "unusual_spaces")
    assert replay(damaged, repaired.edits) == repaired.text == "Hyvä päivä !"
