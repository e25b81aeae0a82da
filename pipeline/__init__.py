"""Hankepoimuri: normalised tables from Finnish announcements of development projects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.spacy_start import spare_command_line

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.ask.loaded import Loaded

spare_command_line()


def load(outputs: str | Path = "outputs") -> Loaded:
    """The tables of a run's output folder as pandas frames, and views that answer questions.

    Raises ``pipeline.errors.OutputUnusable`` saying what to do when the folder holds no run.
    """
    from pipeline.ask.loaded import Loaded  # pandas only when it is needed

    return Loaded(outputs)


def extract_frame(posts: pd.DataFrame) -> pd.DataFrame:
    """Facts of a frame of posts as a frame, one row each; see ``pipeline.frame``.

    Raises ``ValueError`` when ``posts`` has neither a column ``text`` nor ``html``.
    """
    from pipeline.frame import extract_frame as extract

    return extract(posts)
