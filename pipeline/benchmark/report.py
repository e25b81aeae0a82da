"""The figures as a page: what was to be reached, what was reached, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]


def page(figures: Figures) -> str:
    """``BENCHMARKS.md``."""
    return "\n".join([*_head(figures), *_targets(figures), *_stages(figures), *_sizes(figures), ""])


def _head(figures: Figures) -> Iterator[str]:
    machine = figures["machine"]
    ours, theirs = figures["ours"], figures["afternoon"]
    left_out = f" (without its {theirs['left_out']})" if theirs["left_out"] else ""
    yield "# Benchmarks"
    yield ""
    yield (
        f"Made by `make benchmark` in one run of {figures['minutes']} minutes on "
        f"{machine['cores']} cores of {machine['processor']} with {machine['memory_gb']} GB of "
        f"memory, {machine['system']}, Python {machine['python']}, OpenBLAS's kernels for "
        f"{machine['matrix_kernels']}. The announcements are synthetic "
        f"(`make corpus-synthetic`), {ours['words'] / ours['announcements']:.0f} words each on "
        "average. Ratios travel to other machines, seconds do not."
    )
    yield ""
    yield (
        "The afternoon's pipeline is `ftfy`, the whole of `spacy_fi_experimental_web_md`"
        f"{left_out} and `dateparser.search_dates`, one after the other."
    )
    yield ""


def _targets(figures: Figures) -> Iterator[str]:
    sizes = figures["sizes"]
    small, large, most = sizes["small"], sizes["large"], sizes["replayed"]
    ours, theirs = figures["ours"], figures["afternoon"]
    each_small = figures["small_all"]["seconds"] / small
    each_large = figures["large_all"]["seconds"] / large
    resolved, resolved_large = figures[f"resolve_{most}"], figures[f"resolve_{large}"]
    clean = figures["large_all"]["seconds"]
    rows = [
        (
            "announcements/s, one core, against the afternoon's pipeline",
            "≥ 3×",
            f"{theirs['seconds'] / ours['seconds']:.1f}×",
        ),
        (
            f"{figures['machine']['cores']} cores against one, {large} announcements",
            "≥ 1.8× (two cores)",
            f"{figures['large_one']['seconds'] / figures['large_all']['seconds']:.2f}×",
        ),
        (
            f"time an announcement at {large} against {small}",
            "≤ 1.05×",
            f"{each_large / each_small:.2f}×",
        ),
        (f"resolve {most} records: memory", "≤ 2000 MB", f"{resolved['peak_mb']:.0f} MB"),
        (
            f"resolve {most} records: time against {large}",
            f"≤ {1.2 * most / large:.0f}×",
            f"{resolved['seconds'] / resolved_large['seconds']:.1f}×",
        ),
        (
            f"nothing changed among {large}",
            "≤ 2 s, no model loaded",
            f"{figures['no_change']['seconds']:.2f} s, "
            + ("a model loaded" if figures["no_change"]["spacy"] else "no model loaded"),
        ),
        (
            f"one new among {large}, over one alone",
            "≤ 3 s",
            f"{figures['one_new']['seconds'] - figures['one_alone']['seconds']:.1f} s",
        ),
        *(
            (
                f"{what} edited, which reaches {figures[name]['extracted']} of {large}, "
                "against a clean run",
                target,
                f"{figures[name]['seconds'] / clean:.2f}×",
            )
            for name, what, target in (
                ("rare_title_edited", "one rule (a rare title)", "≤ 0.10×"),
                ("common_title_edited", "one rule (a common title)", ""),
                ("code_edited", "the code of a rule", ""),
            )
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


def _stages(figures: Figures) -> Iterator[str]:
    ours, theirs = figures["ours"], figures["afternoon"]
    yield "## One core"
    yield ""
    yield "| | announcements/s | words/s | peak memory |"
    yield "|---|---|---|---|"
    for name, one in (("this pipeline", ours), ("the afternoon's", theirs)):
        yield (
            f"| {name} | {one['announcements'] / one['seconds']:.1f} "
            f"| {one['words'] / one['seconds']:.0f} | {one['peak_mb']:.0f} MB |"
        )
    yield ""
    yield "| stage | share of the time |"
    yield "|---|---|"
    for stage, seconds in ours["stages"].items():
        yield f"| {stage} | {100 * seconds / ours['seconds']:.0f} % |"
    yield ""


def _sizes(figures: Figures) -> Iterator[str]:
    sizes = figures["sizes"]
    yield "## Size"
    yield ""
    yield "| announcements | whole run, all cores | its peak memory | resolve | its peak memory |"
    yield "|---|---|---|---|---|"
    for name, size in (("small_all", sizes["small"]), ("large_all", sizes["large"])):
        run, resolved = figures[name], figures[f"resolve_{size}"]
        yield (
            f"| {size} | {run['seconds']:.0f} s | {run['peak_mb']:.0f} MB "
            f"| {resolved['seconds']:.1f} s | {resolved['peak_mb']:.0f} MB |"
        )
    resolved = figures[f"resolve_{sizes['replayed']}"]
    yield (
        f"| {sizes['replayed']} (replayed) | | "
        f"| {resolved['seconds']:.1f} s | {resolved['peak_mb']:.0f} MB |"
    )
