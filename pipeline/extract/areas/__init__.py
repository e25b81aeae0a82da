"""Areas: places of the data in all their forms, and villages told by their shape."""

from pipeline.extract.areas.finder import find_areas

__all__ = ["find_areas"]
