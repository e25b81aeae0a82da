"""What a run says of the files that it did not read."""

from __future__ import annotations

from collections import Counter

from pipeline.tables.tables import Tables

NOT_READ = "not read: "  # begins the reason, see ``read.kinds.left_out``


def left_out(tables: Tables) -> dict[str, int]:
    """How many files were not read, by the reason."""
    counts: Counter[str] = Counter()
    for batch in tables.batches("documents", ["status", "reason"]):
        for status, reason in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if status == "skipped" and (reason or "").startswith(NOT_READ):
                counts[reason.removeprefix(NOT_READ)] += 1
    return dict(sorted(counts.items()))
