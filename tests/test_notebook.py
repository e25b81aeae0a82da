"""The notebook's ten questions and the README's lines, run on ``corpus/``, answers checked."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.ask.loaded import Loaded

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "ten_questions.ipynb"
ANSWERS = """
import json
print(json.dumps({
    "running": running["name"].tolist(),
    "leads": dict(running[["name", "lead"]].dropna().values.tolist()),
    "by_funder": dict(by_funder.dropna()[["funder", "eur"]].values.tolist()),
    "why_not": left_out["why_not"].tolist(),
    "staff": staff.astype("object").where(staff.notna(), None).values.tolist(),
    "timeline": [str(day.date()) for day in timeline["day"]],
    "regions": dict(regions[["area", "projects"]].values.tolist()),
    "dots": [row["area"] for row in where.to_dict()["layer"][1]["data"]["values"]],
    "pairs": pairs[["organisation", "other"]].values.tolist(),
    "changes": str(changes),
    "evidence": str(evidence),
    "doubtful": doubtful["confidence"].tolist(),
    "checks": checks["check"].tolist(),
    "workbook": workbook.stat().st_size,
}))
"""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory, made_once: Callable[[Path], Path]) -> Path:
    """The outputs of an earlier day, when there were two of the announcements only."""
    folder = tmp_path_factory.mktemp("announcements")
    for name in ("02-puhdas-pielinen.txt", "06-pohjois-savon-liitto.txt"):
        shutil.copy(ROOT / "corpus" / "announcements" / name, folder)
    return made_once(folder)


@pytest.fixture(scope="module")
def answers(corpus_outputs: Path, earlier: Path) -> dict[str, Any]:
    """What the notebook's variables hold when it has run."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    notebook.cells.append(nbformat.v4.new_code_cell(ANSWERS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPUTS", str(corpus_outputs))
        patch.setenv("EARLIER", str(earlier))
        patch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        NotebookClient(notebook, timeout=120, startup_timeout=120).execute()
    (shown,) = notebook.cells[-1].outputs
    read: dict[str, Any] = json.loads(shown.text)
    return read


def test_the_ten_questions_have_the_answers_of_the_gold(answers: dict[str, Any]) -> None:
    assert {"Maitoketju 2030", "Kielikahvila kulkee", "Virsi ja verkko"} & set(
        answers["running"]
    ) == {"Maitoketju 2030", "Kielikahvila kulkee"}
    assert answers["leads"]["Maitoketju 2030"] == "Ylä-Savon Kehitys Oy"
    assert answers["by_funder"]["Pohjois-Savon liitto"] <= 377_600.0  # no euro twice
    assert answers["by_funder"]["Sosiaali- ja terveysministeriö"] == 640_000.0
    # A sum over projects is no project's money: read as such, or found out by its parts.
    assert {"sum_of_projects", "other"} & set(answers["why_not"])
    reached = {row[0]: (row[1], row[3]) for row in answers["staff"]}
    assert reached["Hemminki Puskala"] == ("projektipäällikkö", "hemminki.puskala@karelia.fi")
    assert answers["timeline"][0] == "2021-04-01"
    assert ["Karelia-ammattikorkeakoulu", "Suomen ympäristökeskus"] in answers["pairs"]
    new = answers["changes"].splitlines()
    assert {"announcement 12-kirjaston-kesa.txt came", "project Virsi ja verkko came"} <= set(new)
    assert "project Puhdas Pielinen came" not in new  # known before
    assert re.search(r"\[.+\].*\.txt; .+, 0\.\d\d\)$", answers["evidence"])
    assert answers["doubtful"] == sorted(answers["doubtful"])
    assert max(answers["doubtful"]) < 0.7
    assert answers["workbook"] > 10_000


def test_money_of_a_payer_is_that_of_the_gold(answers: dict[str, Any]) -> None:
    # "377 600 euroa" is for three projects: 128 000, 174 000 and 75 600 euros.
    assert answers["by_funder"]["Pohjois-Savon liitto"] == 377_600.0


def test_the_checks_find_the_slips_of_an_announcement(answers: dict[str, Any]) -> None:
    # "Kokonaiskustannukset: 48 000 €, Myönnetty tuki: 84 000 €", and a Y-tunnus that is none.
    assert {"grant_above_total", "bad_y_tunnus"} <= set(answers["checks"])


def test_a_region_has_the_projects_of_the_gold(answers: dict[str, Any]) -> None:
    # Maitoketju 2030, Kulttuuri kuljettaa, and Kivestä kimallusta by way of Kaavi.
    assert answers["regions"]["Pohjois-Savo"] == 3
    # Of the two places that one sentence gives Kulttuuri kuljettaa evidence is sure of the second.
    assert {"Kaavi", "Kiuruvesi", "Joroinen", "Juuka"} <= set(answers["dots"])


def test_a_lemma_finds_its_forms(corpus_outputs: Path) -> None:
    loaded = Loaded(corpus_outputs)
    # "Lestijärven kunnan" stands there, "kunta" does not.
    found = loaded.search("kunta")
    assert len(found) > len(loaded.documents[loaded.documents["text"].str.contains(r"\bkunta\b")])
    assert any(source.endswith("07-kylan-keinu.txt") for source in found["source"])
    assert loaded.search("hyvinvoin*")["doc_id"].is_unique
    # Any form finds what the lemma finds; what is in quotes is meant as it is written.
    for form in ("kunnan", "Kunnissa", "lemmas: kunnan", "kuntien NOT siltoja*"):
        assert set(found["doc_id"]) <= set(loaded.search(form)["doc_id"]), form
    exactly = loaded.documents["text"].str.contains(r"\bkunnan\b", case=False)
    assert len(loaded.search('"kunnan"')) == exactly.sum() < len(found)
    assert loaded.search("kunnan AND sanaaeiole").empty
    with pytest.raises(ValueError, match="cannot be searched for"):
        loaded.search('"')


def test_the_notebook_in_the_repository_holds_no_paths_or_outputs_of_somebody() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert sum(cell.source.startswith("## ") for cell in notebook.cells) == 10


def test_the_readme_prints_what_it_promises(
    corpus_outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "outputs").symlink_to(corpus_outputs)
    monkeypatch.chdir(tmp_path)
    shown = io.StringIO()
    with redirect_stdout(shown):
        exec(code, {})  # the README's own lines
    told = shown.getvalue()
    assert re.search(r"Maitoketju 2030 +2023-02-01 +2025-01-31 +Ylä-Savon Kehitys Oy", told)
    assert re.search(r"Pohjois-Savon liitto .* \d{6}\.0", told)
    assert "..." not in re.findall(r"^ *0 .*$", told, re.MULTILINE)[0]
    assert (tmp_path / "outputs.xlsx").is_file()
