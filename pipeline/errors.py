"""Errors a user meets: what went wrong, where, and what to do next; each has an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pipeline.logins import without_login


class PipelineError(Exception):
    """An error whose message is meant for the person at the keyboard, not for a programmer."""

    exit_code: ClassVar[int] = 1


class InputMissing(PipelineError):
    """The input folder is not there."""

    exit_code = 2

    def __init__(self, place: Path | str) -> None:
        super().__init__(
            f"There is no folder or file {without_login(str(place))}. "
            "Give --input a folder of announcements (.txt, .html, .docx, .pdf …), a file or a feed."
        )


class InputUnusable(PipelineError):
    """The input, or a file that says what to read of it, cannot be read itself."""

    exit_code = 2

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}.")


class AddressUnusable(PipelineError):
    """An address (``s3://…``) that cannot be opened."""

    exit_code = 2

    def __init__(self, address: Path | str, reason: str) -> None:
        what = without_login(f"{address} cannot be opened: {reason}")
        super().__init__(
            f"{what}. Addresses are those of fsspec "
            "(s3://bucket/folder, gs://bucket/folder, file:///folder …)."
        )


class CorrectionsUnusable(PipelineError):
    """The file of decisions is not there, or has a mistake; the message names the line."""

    exit_code = 2


class ModelsDamaged(PipelineError):
    """A model file is missing, or not the one that was measured."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} {what}. Get the models again (git checkout -- models), or, after training, "
            "write their checksums: python -m pipeline.training checksums."
        )


class PortUnusable(PipelineError):
    """A port of this machine that was asked for cannot be served on."""

    exit_code = 2

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(
            f"Port {port} cannot be used: {reason}. "
            "Give another with --port, or leave it out for one that is free."
        )


class OutputLocked(PipelineError):
    """Another run is writing the same output folder."""

    exit_code = 4


class OutputUnusable(PipelineError):
    """The output folder cannot be written, or holds no tables where tables were to be read."""

    exit_code = 5


class Interrupted(PipelineError):
    """The run was stopped from the keyboard or by a signal."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__(
            "stopped. What was finished is kept, and the same command goes on from there; "
            "the previous tables are untouched."
        )
