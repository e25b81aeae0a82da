"""``python -m pipeline.torture``: torments, prints one table, writes it where it is told to."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.annotate import Annotator
from pipeline.torture.report import Row, page, table

# Of all the minutes, for each part; what is left over is for starting and ending.
SHARES = {"fuzz": 0.3, "growth": 0.3, "damage": 0.12, "disk": 0.16, "kills": 0.1}
DAMAGE_SECONDS, SIZE_SECONDS = 3.0, 8.0  # about what one costs
LENGTH = 50_000  # characters, and twice as many
PROSE = (50_000, 100_000, 200_000, 400_000, 1_000_000, 2_000_000)
KILL_SECONDS = 12.0  # about what one costs


class Torture:
    """Runs each part within its share of the minutes; rows and faults as they come."""

    def __init__(self, minutes: float, seed: int, place: Path) -> None:
        self.seconds = minutes * 60
        self.seed = seed
        self.place = place
        self.faults: list[str] = []

    def rows(self) -> Iterator[Row]:
        """Every part, one after the other."""
        import pipeline.annotate
        import pipeline.resolve
        import pipeline.tables.write
        from pipeline.single import record
        from pipeline.work import FIRST

        annotator = pipeline.annotate.load_annotator()
        # Forks and runs within them have the models, rules and lexicon at once.
        record(FIRST, annotator)
        pipeline.annotate.load_annotator = lambda models=None: annotator
        yield from self._fuzz(annotator)
        yield from self._growth(annotator)
        yield self._damage()
        yield self._disk()
        yield self._kills()

    def _fuzz(self, annotator: Annotator) -> Iterator[Row]:
        from pipeline.torture.apart import apart
        from pipeline.torture.fuzz import KINDS, fuzz
        from pipeline.torture.whole import whole

        share = self.seconds * SHARES["fuzz"] / 3  # two at a time, the whole ones longer
        jobs = {kind: partial(fuzz, kind, self.seed, share) for kind in KINDS}
        jobs["whole announcements"] = partial(whole, annotator, self.seed, share)
        with ThreadPoolExecutor(2) as two:
            done = {kind: two.submit(apart, job, share + 120) for kind, job in jobs.items()}
            for kind, waiting in done.items():
                tried = waiting.result()
                self.faults += [f"{kind}, case {fault}"[:300] for fault in tried.failures]
                found = f"{tried.failed} failed"
                yield Row(f"random {kind}", f"{tried.cases:,}", found, not tried.failed)

    def _growth(self, annotator: Annotator) -> Iterator[Row]:
        from pipeline.torture.growth import MOST, growth, prose_growth, stages

        each = stages(annotator)
        share = self.seconds * SHARES["growth"] / len(each)
        for name, stage in each.items():
            grown = growth(stage, LENGTH, share * 0.7, limit=10.0)
            bad = [*grown.slow, *grown.unfinished]
            self.faults += [f"{name}: {what}" for what in bad]
            found = f"worst {grown.worst:.1f}x, {len(bad)} beyond {MOST} or 10 s"
            tried = f"{grown.texts} texts of {LENGTH // 1000}/{2 * LENGTH // 1000} kB"
            yield Row(f"{name}, twice the text", tried, found, not bad)
            times = list(prose_growth(stage, PROSE, limit=max(20.0, share * 0.2)))
            reached = [length for length, _ in times]
            ratios = [
                later / seconds / (more / length)
                for (length, seconds), (more, later) in pairwise(times)
                if later > 0.1
            ]
            worst = 2 * max(ratios, default=0.0)
            last = f"{times[-1][1]:.1f} s for {reached[-1] / 1e6:g} MB" if times else "nothing"
            well = len(times) == len(PROSE) and worst <= MOST
            yield Row(
                f"{name}, prose", f"to {PROSE[-1] / 1e6:g} MB", f"worst {worst:.1f}x, {last}", well
            )

    def _damage(self) -> Row:
        from pipeline.torture.damage import damage

        times = max(4, int(self.seconds * SHARES["damage"] / DAMAGE_SECONDS))
        done = damage(self.place / "damage", times, self.seed)
        self.faults += [f"damage {fault}"[:300] for fault in (*done.tracebacks, *done.wrong)]
        found = f"{len(done.tracebacks)} tracebacks, {len(done.wrong)} wrong tables"
        return Row(
            "damages to what was written", str(times), found, not done.tracebacks and not done.wrong
        )

    def _disk(self) -> Row:
        from pipeline.torture.disk import fill

        sizes = min(20, max(3, int(self.seconds * SHARES["disk"] / SIZE_SECONDS)))
        filled = fill(self.place / "disk", sizes)
        self.faults += [f"disk, {fault}"[:300] for fault in (*filled.tracebacks, *filled.wrong)]
        found = (
            f"{filled.said} sentences, {filled.ended} ended, {len(filled.tracebacks)} tracebacks, "
            f"{len(filled.wrong)} wrong tables"
        )
        return Row(
            "sizes of a full disk", str(sizes), found, not filled.tracebacks and not filled.wrong
        )

    def _kills(self) -> Row:
        from pipeline.benchmark.kills import kills

        times = max(2, int(self.seconds * SHARES["kills"] / KILL_SECONDS))
        seen = kills(self.place / "kills", times, self.seed)
        self.faults += [f"kills, {fault}" for fault in seen["faults"]]
        well = seen["equal"] and not seen["lost"] and not seen["corrupt"]
        tables = "tables equal" if seen["equal"] else "tables not equal"
        found = f"{seen['lost']} lost, {seen['corrupt']} corrupt, {tables}"
        return Row("kills with kill -9", str(seen["kills"]), found, well)


def main() -> int:
    """Read the options, torment, print; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0, help="in all (default: 15)")
    parser.add_argument("--seed", type=int, default=0, help="other random cases")
    parser.add_argument("--output", type=Path, help="page to write the table to")
    options = parser.parse_args()
    started = time.monotonic()
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        torture = Torture(options.minutes, options.seed, Path(place))
        rows = []
        for row in torture.rows():
            print(f"… {row.what}: {row.tried}: {row.found}", file=sys.stderr, flush=True)
            rows.append(row)
    print(table(rows))
    minutes = (time.monotonic() - started) / 60
    if options.output is not None:
        what = f" in {minutes:.0f} minutes, seed {options.seed}"
        options.output.write_text(page(rows, torture.faults, what), encoding="utf-8")
    for fault in torture.faults:
        print(fault, file=sys.stderr)
    return 0 if all(row.well for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
