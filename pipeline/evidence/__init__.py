"""Weighs the signs of a candidate into a calibrated probability: one scorer for every kind.

``model.py`` holds the scorer, ``fitted.py`` the weights that are shipped; ``pipeline.training``
fits them (``make evidence``).
"""

from pipeline.evidence.fitted import SHIPPED, Evidence
from pipeline.evidence.model import Model

__all__ = ["SHIPPED", "Evidence", "Model"]
