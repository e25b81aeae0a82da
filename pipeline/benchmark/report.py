"""The figures as a page: what was to be reached, what was reached, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

Figures = Mapping[str, Any]


def page(figures: Figures) -> str:
    """``BENCHMARKS.md``."""
    return "\n".join([*_head(figures), *_targets(figures), *_steady(figures), *_sizes(figures), ""])


def _head(figures: Figures) -> Iterator[str]:
    machine, varied = figures["machine"], figures["varied"]
    one = figures["field_steady"]["ours"][0]
    theirs = figures["field_steady"]["afternoon"][0]
    left_out = f" (without its {theirs['left_out']})" if theirs["left_out"] else ""
    yield "# Benchmarks"
    yield ""
    yield (
        f"Made by `make benchmark` in one run of {figures['minutes']} minutes on "
        f"{machine['cores']} cores of {machine['processor']} with {machine['memory_gb']} GB of "
        f"memory, {machine['system']}, Python {machine['python']}, OpenBLAS's kernels for "
        f"{machine['matrix_kernels']}. Ratios travel to other machines, seconds do not."
    )
    yield ""
    yield (
        "*Field* announcements are those of `corpus/field/train`, "
        f"{one['words'] / one['announcements']:.0f} words each on average; *varied* ones are made "
        "of them by other names, sums, dates, words and sentences in each "
        f"({100 * varied['repeated_lines']:.0f} % of their lines stand elsewhere, too, of the "
        f"field's {100 * varied['of_the_field']:.0f} %). Ours and the afternoon's pipeline take "
        f"turns, {len(figures['field_whole']['ours'])} times; medians of processor time. "
        "*Steady* is what an announcement costs once everything is loaded and some have been read."
    )
    yield ""
    yield (
        "The afternoon's pipeline is `ftfy`, the whole of `spacy_fi_experimental_web_md`"
        f"{left_out} and `dateparser.search_dates`, one after the other. It writes nothing; ours "
        "makes tables and pages."
    )
    yield ""


def _targets(figures: Figures) -> Iterator[str]:
    sizes, start = figures["sizes"], figures["start"]
    large, most = sizes["large"], sizes["replayed"]
    resolved, resolved_large = figures[f"resolve_{most}"], figures[f"resolve_{large}"]
    whole = figures["field_whole"]
    cores = figures["cores"]
    no_change = figures["no_change"]
    rows = [
        (
            "announcements/s against the afternoon's, steady, field",
            "≥ 4×",
            _ratio(figures, "field"),
        ),
        ("the same, varied", "≥ 4×", _ratio(figures, "varied")),
        (
            f"the same, whole process, {figures['one_worker']['announcements']} of the field",
            "≥ 3×",
            f"{median(whole['afternoon']) / median(whole['ours']):.1f}×",
        ),
        ("one announcement, processor time", "≤ 2 s", f"{median(start['one']):.1f} s"),
        ("`--help`, processor time", "≤ 0.3 s", f"{median(start['help']):.2f} s"),
        ("peak memory, one worker", "≤ 450 MB", f"{figures['one_worker']['peak_mb']:.0f} MB"),
        (
            f"{figures['machine']['cores']} cores against one, {sizes['varied']} varied",
            "≥ 1.85× (two cores)",
            f"{_seconds(cores['one']) / _seconds(cores['all']):.2f}×",
        ),
        (
            f"nothing changed among {large}",
            "≤ 2 s, no model loaded",
            f"{no_change['seconds']:.2f} s, "
            + ("a model loaded" if no_change["spacy"] else "no model loaded"),
        ),
        (
            f"one new among {large}, over one alone",
            "≤ 1.5 s",
            f"{figures['one_new']['seconds'] - figures['one_alone']['seconds']:.1f} s",
        ),
        (
            "a word or rule edited, against a clean run",
            "",
            f"{figures['edited']['seconds'] / figures['one_worker']['seconds']:.2f}×",
        ),
        (f"resolve {most} records: time", "≤ 45 s", f"{resolved['seconds']:.0f} s"),
        (f"resolve {most} records: memory", "≤ 1000 MB", f"{resolved['peak_mb']:.0f} MB"),
        (
            f"resolve {most} records: time against {large}",
            f"≤ {1.2 * most / large:.0f}×",
            f"{resolved['seconds'] / resolved_large['seconds']:.1f}×",
        ),
        (
            f"{figures['kills']['kills']} random `kill -9`",
            "0 lost, 0 corrupt",
            f"{figures['kills']['lost']} lost, {figures['kills']['corrupt']} corrupt"
            + ("" if figures["kills"]["equal"] else ", other tables than a clean run's"),
        ),
    ]
    yield "| figure | to reach | reached |"
    yield "|---|---|---|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _ratio(figures: Figures, corpus: str) -> str:
    steady = figures[f"{corpus}_steady"]
    return f"{_seconds(steady['afternoon']) / _seconds(steady['ours']):.1f}×"


def _seconds(runs: Iterable[Mapping[str, Any]]) -> float:
    return median(float(run["seconds"]) for run in runs)


def _steady(figures: Figures) -> Iterator[str]:
    yield "## Steady, on one core"
    yield ""
    yield "| | announcements/s | words/s | peak memory |"
    yield "|---|---|---|---|"
    for corpus in ("field", "varied"):
        for name, key in (("this pipeline", "ours"), ("the afternoon's", "afternoon")):
            runs = figures[f"{corpus}_steady"][key]
            one = runs[0]
            yield (
                f"| {name}, {corpus} | {one['announcements'] / _seconds(runs):.1f} "
                f"| {one['words'] / _seconds(runs):.0f} | {one['peak_mb']:.0f} MB |"
            )
    yield ""
    yield "| stage | an announcement of the field | share |"
    yield "|---|---|---|"
    ours = figures["field_steady"]["ours"][0]
    for stage, seconds in ours["stages"].items():
        each = 1000 * seconds / ours["announcements"]
        yield f"| {stage} | {each:.0f} ms | {100 * seconds / ours['seconds']:.0f} % |"
    yield ""


def _sizes(figures: Figures) -> Iterator[str]:
    sizes = figures["sizes"]
    yield "## Size"
    yield ""
    yield "Records are those of varied announcements, replayed under other names."
    yield ""
    yield "| records | resolve | its peak memory |"
    yield "|---|---|---|"
    for size in dict.fromkeys((sizes["varied"], sizes["large"], sizes["replayed"])):
        resolved = figures[f"resolve_{size}"]
        yield f"| {size} | {resolved['seconds']:.1f} s | {resolved['peak_mb']:.0f} MB |"
