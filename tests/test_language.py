from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate.language import detect_language, is_plainly_finnish

FINNISH = (
    "Kunta käynnistää syksyllä hankkeen, jossa kehitetään ikääntyneiden kotipalveluja yhdessä "
    "järjestöjen ja oppilaitosten kanssa. Rahoitus saadaan Euroopan sosiaalirahastolta."
)
SWEDISH = (
    "Kommunen inleder på hösten ett projekt som utvecklar hemservicen för äldre tillsammans med "
    "föreningar och läroanstalter. Finansieringen kommer från Europeiska socialfonden."
)
ENGLISH = (
    "This autumn the municipality starts a project that develops home care for older people "
    "together with associations and schools. Funding comes from the European Social Fund."
)
ESTONIAN = (
    "Vald alustab sügisel projekti, milles arendatakse eakate koduteenuseid koos ühingute ja "
    "koolidega. Raha tuleb Euroopa Sotsiaalfondist ning töö kestab kaks aastat."
)
NORTHERN_SAMI = (
    "Gielda álggaha čakčat prošeavtta, mas ovddiduvvojit vuorasolbmuid ruovttubálvalusat ovttas "
    "servviiguin ja oahppolágádusaiguin. Ruhtadeapmi boahtá Eurohpá sosiálafoanddas."
)
INARI_SAMI = (
    "Kieldâ algât čohčuv haavâ, mast ovdedeh puárásulmui pääihipalvâlusâid oovtâst servijgijn já "
    "máttááttâslájádâsâiguin. Ruttâdem puátá Euroop sosiaalruttâráájust."
)
FORM = """Hankkeen nimi
Kotipalvelut kuntoon
Hakija
Esimerkin kunta
Toimiaika
1.9.2019 - 31.8.2021
Rahoittaja
ESR
Kokonaisbudjetti
277 440 €
Yhteyshenkilön nimi
Aino Esimerkki
Sähköposti
aino.esimerkki@kunta.fi
Puhelin
040 000 0000
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FINNISH, "fi"),
        (SWEDISH, "sv"),
        (ENGLISH, "en"),
        (ESTONIAN, "et"),
        (NORTHERN_SAMI, "se"),
        (INARI_SAMI, "smn"),
        (FORM, "fi"),
        (FORM.upper(), "fi"),
        (FINNISH.replace(". ", ".\n\n"), "fi"),
    ],
    ids=["fi", "sv", "en", "et", "se", "smn", "form", "capitals", "paragraphs"],
)
def test_one_language(text: str, code: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"På svenska\nIn English\nSámegillii\n{FINNISH}", "fi"),
        (f"Better Home Services for Everyone in the North\n{FINNISH}", "fi"),
        (f"{FINNISH}\n{FINNISH}\n{SWEDISH}", "fi"),
        (f"Suomeksi\nEtusivu\nHankkeet\n{SWEDISH}", "sv"),
        (f"Etusivu\nAjankohtaista\n{ENGLISH}\nLue lisää", "en"),
        (f"{FINNISH} Mukana ovat Sámi Siida ry, Niillas Čáhput ja Áile Sárá.", "fi"),
        (f"{NORTHERN_SAMI}\nSuomeksi\nPå svenska", "se"),
    ],
    ids=["links", "title", "summary", "menu-sv", "menu-en", "sami-names", "se-links"],
)
def test_majority_of_the_paragraphs(text: str, code: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize(
    "text", ["", "   \n", "12.3.2021", "Hanke alkaa.", "https://kunta.fi/" * 9]
)
def test_too_little_text_is_unknown(text: str) -> None:
    assert detect_language(text) == "unknown"


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_has_an_answer(text: str) -> None:
    assert detect_language(text) in {
        "fi", "sv", "en", "et", "nb", "da", "de", "fr", "ru", "se", "smn", "sms", "unknown",
    }  # fmt: skip


@pytest.mark.parametrize("text", [SWEDISH, ENGLISH, ESTONIAN, NORTHERN_SAMI, INARI_SAMI])
def test_only_finnish_is_plainly_finnish(text: str) -> None:
    assert is_plainly_finnish(FINNISH)
    assert not is_plainly_finnish(text)
    assert not is_plainly_finnish(f"{FINNISH} {text}")


def test_a_plainly_finnish_page_needs_no_model() -> None:
    code = (
        "import sys; from pipeline.annotate.language import detect_language; "
        f"print(detect_language({FINNISH!r}), 'lingua' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.split() == ["fi", "False"]
