"""An explanation as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.explanation.decision import Decision
from pipeline.explanation.entity import EntityTold
from pipeline.explanation.fact import FactTold

SHOWN = 3  # mentions shown of an announcement
PLACE = ("doc_id", "start_char", "end_char", "rule", "confidence")  # columns told apart
SIGNS = 14  # signs shown of a decision, the most telling first


def as_text(told: EntityTold | list[FactTold]) -> str:
    """The explanation as lines."""
    if isinstance(told, EntityTold):
        return "\n".join(_entity(told))
    return "\n\n".join("\n".join(_fact(one)) for one in told)


def _entity(told: EntityTold) -> Iterator[str]:
    yield f"{told.entity_type} {told.id}: {told.name}"
    if len(told.names) > 1:
        yield "names: " + ", ".join(f"{name} ({kind})" for name, kind in told.names.items())
    for one in told.announcements:
        yield ""
        day = f", published {one.published}" if one.published else ""
        yield f"{one.source} ({one.doc_id}{day}) calls it {one.name}"
        yield f"  {one.rule}: {one.reason}"
        for mention in one.mentions[:SHOWN]:
            shown = f"{mention.start}: {mention.sentence}"
            yield f"  {shown} ({mention.rule}, {mention.confidence:.2f}, {mention.mention_id})"
        if len(one.mentions) > SHOWN:
            yield f"  … and {len(one.mentions) - SHOWN} more mentions"
    if told.entity_type == "project" and (
        mentions := [mention for one in told.announcements for mention in one.mentions]
    ):
        surest = max(mentions, key=lambda mention: mention.confidence)
        yield ""
        yield f"Why that is a project's name: hankepoimuri explain {surest.mention_id}"


def _fact(told: FactTold) -> Iterator[str]:
    yield f"{told.table} {told.id}"
    for name, value in told.columns.items():
        if value is not None and name not in PLACE and value != told.id:
            named = told.names.get(str(value))
            yield f"  {name:<18} {value}{f' ({named})' if named else ''}"
    yield f"  {' '.join(told.sentence.split())}"
    yield f"  {told.source}; read by {told.rule}, {told.confidence:.3f}"
    if not told.decisions:
        yield f"Decided by {told.decided_by}: its confidence is that of what read it."
    for one in told.decisions:
        yield ""
        yield from _decision(one)
    if told.remark:
        yield ""
        yield told.remark


def _decision(told: Decision) -> Iterator[str]:
    verdict = "so it counts" if told.probability >= told.threshold else "so it doesn't"
    yield f"Is it so that {told.candidate}?"
    yield (
        f"  {told.probability:.3f} likely; candidates count from {told.threshold:.3f} on, {verdict}"
    )
    votes = ", ".join(f"{rule} {strength:.2f}" for rule, strength in told.votes.items())
    yield f"  proposed by: {votes or 'no rule'}"
    yield ""
    yield f"  {'adds':>6}  {'strength':>8}  sign"
    yield f"  {told.base:+6.2f}  {'':>8}  (before anything is known of a candidate)"
    for sign in told.signs[:SIGNS]:
        yield f"  {sign.adds:+6.2f}  {sign.strength:8.2f}  {sign.words} ({sign.sign})"
    if rest := told.signs[SIGNS:]:
        yield f"  {sum(sign.adds for sign in rest):+6.2f}  {'':>8}  ({len(rest)} weaker signs)"
    yield f"  {told.log_odds:+6.2f}  {'':>8}  log-odds, together"
    yield ""
    if told.runner_up is None:
        yield "  next best: nothing else was proposed"
    else:
        also = ", which counts too" if told.runner_up.accepted else ""
        yield f"  next best: {told.runner_up.candidate}: {told.runner_up.probability:.3f}{also}"
