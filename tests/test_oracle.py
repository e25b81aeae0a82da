"""The record oracle: what stays is silent, what changed is named by text and part."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from pipeline.benchmark import oracle

TEXT = (
    "Kunnassa alkoi 1.{}.2024 uusi Polku auki -hanke, jota vetää projektipäällikkö Aino Lehto. "
    "Hanketta rahoittaa Lapin liitto, ja siinä kunnostetaan ulkoilureittejä asukkaiden kanssa."
)


def test_differences_name_texts_and_parts() -> None:
    before = {"a": {"roles": "1", "links": "2"}, "b": {"roles": "3"}, "c": {"roles": "4"}}
    now = {"a": {"roles": "1", "links": "9"}, "b": {"roles": "3"}, "d": {"roles": "5"}}
    assert oracle.differences(before, now) == ["a: links", "c: went", "d: came"]
    assert oracle.differences(now, now) == []


def test_records_are_compared_with_those_of_before(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    post = texts / "a.txt"
    post.write_text(TEXT.format(2), "utf-8")
    app = oracle.typer.Typer()
    app.command()(oracle.main)
    command = [str(texts), "--kept", str(tmp_path / "kept.json")]
    first, same = (CliRunner().invoke(app, command) for _ in range(2))
    assert (first.exit_code, same.exit_code) == (0, 0)
    assert "1 records, 0 differ" in same.output
    post.write_text(TEXT.format(3), "utf-8")
    changed = CliRunner().invoke(app, command)
    assert changed.exit_code == 1
    assert "a.txt: announcement, dates" in changed.output
    assert CliRunner().invoke(app, [*command, "--renew"]).exit_code == 0
    assert CliRunner().invoke(app, command).exit_code == 0
