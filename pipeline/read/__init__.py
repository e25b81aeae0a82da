"""Bytes to posts: one reader per format."""

from __future__ import annotations

from pipeline.read.files import InputFile, file_bytes
from pipeline.read.inputs import (
    feed_rows,
    list_inputs,
    read_bytes,
    read_folder,
    read_input,
)
from pipeline.read.kinds import is_feed
from pipeline.read.remote import contents

__all__ = [
    "InputFile",
    "contents",
    "feed_rows",
    "file_bytes",
    "is_feed",
    "list_inputs",
    "read_bytes",
    "read_folder",
    "read_input",
]
