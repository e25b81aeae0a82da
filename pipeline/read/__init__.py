"""Bytes to posts: one reader per format."""

from __future__ import annotations

from pipeline.read.folder import InputFile, list_inputs, read_folder, read_input

__all__ = ["InputFile", "list_inputs", "read_folder", "read_input"]
