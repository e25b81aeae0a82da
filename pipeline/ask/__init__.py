"""Asking the tables of a finished run: frames, views, the sentence behind a fact, what changed."""
