"""Bytes to posts: one reader per format."""
