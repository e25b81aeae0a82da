"""Bytes to posts: one reader per format."""

from __future__ import annotations

from pipeline.read.folder import (
    FEEDS,
    InputFile,
    file_bytes,
    list_inputs,
    read_bytes,
    read_folder,
    read_input,
)

__all__ = [
    "FEEDS",
    "InputFile",
    "file_bytes",
    "list_inputs",
    "read_bytes",
    "read_folder",
    "read_input",
]
