"""Fill the cards' templates: texts with named places (``$figures``) beside this file.

A place without a value, and a value without a place, is an error: no card is written half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from pipeline.annotate.agreement import NEARBY
from pipeline.annotate.udpipe import AFTER, BEFORE
from pipeline.training.cards import tables
from pipeline.training.cards.markdown import share, speed, whole
from pipeline.training.cards.measured import Measured
from pipeline.training.cards.measuring import model_files
from pipeline.training.folds import FOLDS, SISTERS
from pipeline.training.lemma_rules import GOLD_WEIGHT
from pipeline.training.names import KEPT, RECIPES
from pipeline.training.span_examples import TAGS
from pipeline.training.udpipe import EVERY, OPTIONS

FILES = {
    "lemmas": "lemmas.tsv.gz",
    "udpipe": "finnish.udpipe",
    "ner": "ner.npz",
}
STEPS = {
    "lemmas": ("silver", "lemmas"),
    "udpipe": ("silver", "lemmas", "udpipe"),
    "ner": ("names",),
    "context": ("context",),
}
WITHOUT_CORPORA = {"context": ("transformer.npz", "spans.npz", "relations.npz")}
"""Cards of models that learn from the project's own announcements alone, and their files."""
NOTES = {"silver": "needs libvoikko", "udpipe": "its silver lemmas come from lemmas.tsv.gz"}

Places = Mapping[str, str]


def write_cards(measured: Measured, models: Path) -> list[Path]:
    """Write every card into ``models`` and return their paths.

    Raises ``ValueError`` where a model file is not the one that was measured.
    """
    present = model_files(models)
    changed = sorted(
        name
        for name in present.keys() | measured.models.keys()
        if present.get(name) != measured.models.get(name)
    )
    if changed:
        raise ValueError(
            f"Measured with another {', '.join(changed)}: measure anew "
            "(python -m pipeline.training cards --data …)."
        )
    written = {models / f"{card}.md": text for card, text in cards(measured).items()}
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)


def cards(measured: Measured) -> dict[str, str]:
    """The text of each card by its name, without the ``.md``."""
    own: dict[str, Callable[[Measured], Places]] = {
        "lemmas": _lemmas,
        "udpipe": _udpipe,
        "ner": _names,
    }
    filled = {
        card: fill(template(card), {**_common(card, measured), **places(measured)})
        for card, places in own.items()
    }
    return filled | {
        "context": fill(template("context"), _context(measured)),
        "data": fill(template("data"), {"corpora": tables.corpora(measured)}),
    }


def template(card: str) -> str:
    """The text of a card with its places unfilled."""
    return files(__package__).joinpath(f"{card}.md").read_text(encoding="utf-8")


def fill(text: str, places: Places) -> str:
    """The text with every place filled.

    Raises ``KeyError`` for a place without a value, ``ValueError`` for a value without a place.

    >>> fill("$words words", {"words": "7"})
    '7 words'
    """
    left_over = places.keys() - set(Template(text).get_identifiers())
    if left_over:
        raise ValueError(f"no place for {', '.join(sorted(left_over))}")
    return Template(text).substitute(places)


def _common(card: str, measured: Measured) -> Places:
    return {
        "file": _file(FILES[card], tables.licence(card), measured),
        "data": tables.data(card, measured),
        "commands": "\n".join(_command(step, measured) for step in STEPS[card]),
        "versions": _versions(measured),
    }


def _file(name: str, licence: str, measured: Measured) -> str:
    file = measured.models[name]
    return f"`{name}`, {whole(file.size)} bytes. **Licence: {licence}.** SHA-256 `{file.sha256}`."


def _command(step: str, measured: Measured) -> str:
    """A step's command; behind it what it took, where it was timed, and what it needs."""
    notes = [NOTES[step]] if step in NOTES else []
    if step in measured.seconds:
        notes.insert(0, f"{measured.seconds[step] / 60:.1f} minutes of one core")
    command = f"    python -m pipeline.training {step} --data DATA"
    return f"{command:56}# {'; '.join(notes)}" if notes else command


def _versions(measured: Measured) -> str:
    around = measured.surroundings
    packages = ", ".join(f"{name} {number}" for name, number in around.packages.items())
    return (
        f"Measured with Python {around.python} on {around.platform}, {around.blas}, one thread; "
        f"{packages}."
    )


def _speeds(measured: Measured) -> Places:
    own, base = (measured.systems[name] for name in (tables.OWN, tables.BASE))
    return {
        "words_a_second": speed(own.tag_words_per_second),
        "teacher_words_a_second": speed(base.tag_words_per_second),
    }


def _lemmas(measured: Measured) -> Places:
    own = measured.systems[tables.OWN]
    return {
        **_speeds(measured),
        "gold_weight": str(GOLD_WEIGHT),
        "held_out": tables.held_out_lemmas(measured),
        "upos": share(own.upos),
        "features": share(own.feats),
    }


def _udpipe(measured: Measured) -> Places:
    return {
        **_speeds(measured),
        "asked": f"{measured.asked.share:.1%}",
        "milliseconds": f"{measured.asked.milliseconds:.2f}",
        "before": str(BEFORE),
        "after": str(AFTER),
        "every": str(EVERY),
        "options": OPTIONS,
        "opinions": tables.opinions(measured),
    }


def _names(measured: Measured) -> Places:
    return {
        "nearby": str(NEARBY),
        "tunings": str(len(RECIPES)),
        "kept": str(KEPT),
        "gold_share": _each(recipe.gold for recipe in RECIPES),
        "web_share": _each(recipe.web for recipe in RECIPES),
        "dev_sentences": whole(measured.read["ner/turku-one-dev.tsv"].sentences),
        "figures": tables.names(measured),
        "announcements": tables.announced_names(measured),
    }


def _each(values: Iterable[float]) -> str:
    """Values of several recipes, once where they are the same."""
    return " and ".join(dict.fromkeys(map(str, values)))


def _context(measured: Measured) -> Places:
    stated = (_file(name, tables.OWN_LICENCE, measured) for name in WITHOUT_CORPORA["context"])
    return {
        "files": "\n\n".join(stated),
        "commands": _command("context", measured),
        "versions": _versions(measured),
        "tags": str(len(TAGS)),
        "folds": str(FOLDS),
        "sisters": str(SISTERS),
        "milliseconds": f"{measured.spans.milliseconds:.1f}",
        "held_out": tables.held_out_spans(measured),
        "ablation": tables.ablation(measured),
    }
