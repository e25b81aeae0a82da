"""Announcements made from templates, any number of them, for tests of size and speed."""

from pipeline.synthetic.compose import compose

__all__ = ["compose"]
