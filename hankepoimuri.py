"""In a checkout ``import hankepoimuri`` is the package in ``pipeline/``, as a wheel names it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

import pipeline


class _SameModules(MetaPathFinder, Loader):
    """Makes ``hankepoimuri.errors`` the module ``pipeline.errors``, not a second copy of it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for modules of this package only."""
        return spec_from_loader(name, self) if name.startswith(f"{__name__}.") else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module under its name in the checkout."""
        return import_module(pipeline.__name__ + spec.name.removeprefix(__name__))

    def exec_module(self, module: ModuleType) -> None:
        """It has been executed."""


sys.meta_path.insert(0, _SameModules())
sys.modules[__name__] = pipeline
