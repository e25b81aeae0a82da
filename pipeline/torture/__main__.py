"""``python -m pipeline.torture``: torments, prints one table, writes it where it is told to."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pipeline.annotate import Annotator
from pipeline.torture.growth import Stage
from pipeline.torture.report import Row, page, table

CORES = 2  # that work at once
# Of the minutes of both, for each part, and how much of it is asked for; whole announcements take
# what is left in the end.
CASES = {
    "repair": (0.08, 150_000),
    "dates": (0.06, 300_000),
    "money": (0.06, 300_000),
    "pages": (0.06, 50_000),
    "feeds": (0.04, 200_000),
}
GROWTH = 0.18
DAMAGES, SIZES, KILLS = (0.09, 180), (0.06, 20), (0.18, 1_000)
ORDERS = (0.04, 1_000)
ANNOUNCEMENTS = 20_000
LEFT = 0.15  # of the minutes, for whole announcements at least
LENGTH = 50_000  # characters, and twice as many
PROSE = (50_000, 100_000, 200_000, 400_000, 1_000_000, 2_000_000)
SLOW = 10.0  # seconds that no hostile text of twice the length may take
KILLED_AT_ONCE = 50  # kills of one folder, whose announcements become more


class Part(NamedTuple):
    """What a part of the torture has to show, and what is not well."""

    rows: list[Row]
    faults: list[str]


class Torture:
    """Runs the parts two at a time, each within its share of the minutes."""

    def __init__(self, minutes: float, seed: int, place: Path) -> None:
        self.seconds = minutes * 60
        self.seed = seed
        self.place = place
        self.ends = time.monotonic() + self.seconds

    def parts(self) -> Iterator[Part]:
        """Every part in order, as it is done."""
        import pipeline.annotate
        import pipeline.resolve
        import pipeline.tables.write
        from pipeline.single import record
        from pipeline.torture.growth import stages
        from pipeline.work import FIRST

        annotator = pipeline.annotate.load_annotator()
        # Forks and runs within them have the models, rules and lexicon at once.
        record(FIRST, annotator)
        pipeline.annotate.load_annotator = lambda models=None, *, context=True: annotator
        each = stages(annotator)
        jobs: list[Callable[[], Part]] = [
            *(partial(self._fuzz, kind) for kind in CASES),
            *(partial(self._growth, name, stage, len(each)) for name, stage in each.items()),
            partial(self._orders, annotator),
            self._damage,
            self._disk,
            *(partial(self._kills, workers) for workers in (1, 2)),
            *(partial(self._whole, annotator, number) for number in range(CORES)),
        ]
        with ThreadPoolExecutor(CORES) as pool:
            for waiting in [pool.submit(job) for job in jobs]:
                yield waiting.result()

    def _share(self, share: float) -> float:
        """Seconds of one core; never more than there is left before the last part."""
        left = self.ends - time.monotonic() - LEFT * self.seconds
        return max(1.0, min(self.seconds * CORES * share, left))

    def _fuzz(self, kind: str) -> Part:
        from pipeline.torture.apart import apart
        from pipeline.torture.fuzz import fuzz

        share, most = CASES[kind]
        seconds = self._share(share)
        tried = apart(partial(fuzz, kind, self.seed, seconds, most), seconds + 120)
        faults = [f"{kind}, case {fault}"[:300] for fault in tried.failures]
        found = f"{tried.failed} failed"
        return Part([Row(f"random {kind}", f"{tried.cases:,}", found, not tried.failed)], faults)

    def _orders(self, annotator: Annotator) -> Part:
        from pipeline.torture.apart import apart
        from pipeline.torture.orders import orders

        share, most = ORDERS
        seconds = self._share(share)
        tried = apart(partial(orders, annotator, self.seed, seconds, most), seconds + 120)
        faults = [f"orders, case {fault}"[:300] for fault in tried.failures]
        found = f"{tried.failed} failed"
        what = "random announcements in two orders"
        return Part([Row(what, f"{tried.cases:,}", found, not tried.failed)], faults)

    def _whole(self, annotator: Annotator, number: int) -> Part:
        from pipeline.torture.apart import apart
        from pipeline.torture.whole import whole

        seconds = max(5.0, self.ends - time.monotonic())
        work = partial(whole, annotator, f"{self.seed} {number}", seconds, ANNOUNCEMENTS // CORES)
        tried = apart(work, seconds + 120)
        faults = [f"whole announcements, case {fault}"[:300] for fault in tried.failures]
        what = f"random whole announcements, {number + 1}"
        found = f"{tried.failed} failed"
        return Part([Row(what, f"{tried.cases:,}", found, not tried.failed)], faults)

    def _growth(self, name: str, stage: Stage, of: int) -> Part:
        from pipeline.torture.growth import MOST, growth, prose_growth

        share = self._share(GROWTH / of)
        grown = growth(stage, LENGTH, share * 0.6, limit=5 * SLOW)
        bad = [*grown.slow, *grown.unfinished, *grown.lengthy(SLOW)]
        found = f"worst {grown.worst:.1f}x, {len(bad)} beyond {MOST} or {SLOW:g} s"
        tried = f"{grown.texts} texts of {LENGTH // 1000}/{2 * LENGTH // 1000} kB"
        rows = [Row(f"{name}, twice the text", tried, found, not bad)]
        times = list(prose_growth(stage, PROSE, limit=max(20.0, share * 0.4)))
        ratios = [
            2 * later / seconds / (more / length)
            for (length, seconds), (more, later) in pairwise(times)
            if later > 0.3  # shorter ones are all noise
        ]
        worst = max(ratios, default=0.0)
        last = f"{times[-1][1]:.1f} s for {times[-1][0] / 1e6:g} MB" if times else "nothing done"
        well = len(times) == len(PROSE) and worst <= MOST
        tried = f"to {PROSE[-1] / 1e6:g} MB"
        rows.append(Row(f"{name}, prose", tried, f"worst {worst:.1f}x, {last}", well))
        return Part(rows, [f"{name}: {what}" for what in bad])

    def _damage(self) -> Part:
        from pipeline.torture.damage import damage

        share, most = DAMAGES
        done = damage(self.place / "damage", most, self.seed, self._share(share))
        faults = [f"damage {fault}"[:300] for fault in (*done.tracebacks, *done.wrong)]
        found = f"{len(done.tracebacks)} tracebacks, {len(done.wrong)} wrong tables"
        return Part(
            [Row("damages to what was written", f"{done.damages}", found, not faults)], faults
        )

    def _disk(self) -> Part:
        from pipeline.torture.disk import fill

        share, most = SIZES
        filled = fill(self.place / "disk", most, self._share(share))
        faults = [f"disk, {fault}"[:300] for fault in (*filled.tracebacks, *filled.wrong)]
        found = (
            f"{filled.said} sentences, {filled.ended} ended, {len(filled.tracebacks)} tracebacks, "
            f"{len(filled.wrong)} wrong tables"
        )
        return Part([Row("sizes of a full disk", f"{filled.sizes}", found, not faults)], faults)

    def _kills(self, workers: int) -> Part:
        from pipeline.benchmark.kills import kills
        from pipeline.torture.forks import Fork

        share, most = KILLS
        ends = time.monotonic() + self._share(share / 2)
        done = lost = corrupt = batches = unequal = 0
        faults = []
        while time.monotonic() < ends and done < most // 2:
            batches += 1
            seen = kills(
                self.place / f"kills-{workers}-{batches}",
                KILLED_AT_ONCE,
                self.seed * 1_000 + batches,
                workers,
                start=Fork,
                first=8 if workers == 1 else 13,
                more=1,
                longest=4.0,
                ends=ends,
            )
            done, lost = done + seen["kills"], lost + seen["lost"]
            corrupt, unequal = corrupt + seen["corrupt"], unequal + (not seen["equal"])
            faults += [f"kills, {fault}" for fault in seen["faults"]]
        equal = f"tables not equal {unequal} times" if unequal else "tables equal"
        found = f"{lost} lost, {corrupt} corrupt, {equal}"
        what = f"kills with kill -9, {workers} {'worker' if workers == 1 else 'workers'}"
        return Part([Row(what, f"{done}", found, not lost + corrupt + unequal)], faults)


def main() -> int:
    """Read the options, torment, print; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0, help="in all (default: 15)")
    parser.add_argument("--seed", type=int, default=0, help="other random cases")
    parser.add_argument("--output", type=Path, help="page to write the table to")
    options = parser.parse_args()
    started = time.monotonic()
    with TemporaryDirectory(prefix="hankepoimuri-") as place:
        rows, faults = list[Row](), list[str]()
        for part in Torture(options.minutes, options.seed, Path(place)).parts():
            for row in part.rows:
                print(f"… {row.what}: {row.tried}: {row.found}", file=sys.stderr, flush=True)
            rows += part.rows
            faults += part.faults
    print(table(rows))
    minutes = (time.monotonic() - started) / 60
    if options.output is not None:
        what = f" in {minutes:.0f} minutes, seed {options.seed}"
        before = options.output.read_text("utf-8") if options.output.is_file() else ""
        options.output.write_text(page(rows, faults, what, before), encoding="utf-8")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 0 if all(row.well for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
