"""The kernels are named for the processor that OpenBLAS mistakes, and for no other."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline.kernels import NEEDED, VARIABLE, kernels_for

FLAGS = "fpu avx2 " + " ".join(sorted(NEEDED))
CPUINFO = "processor\t: 0\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: 2\nflags\t\t: {}\n\n"


@pytest.mark.parametrize(
    ("vendor", "family", "flags", "kernels"),
    [
        ("AuthenticAMD", 26, FLAGS, "SkylakeX"),
        ("AuthenticAMD", 26, "fpu avx2", None),  # a virtual machine that hides AVX-512
        ("AuthenticAMD", 26, FLAGS.replace("avx512vl", ""), None),
        ("AuthenticAMD", 25, FLAGS, None),  # Zen 4, which OpenBLAS knows
        ("GenuineIntel", 6, FLAGS, None),
    ],
)
def test_kernels_of_processors(vendor: str, family: int, flags: str, kernels: str | None) -> None:
    assert kernels_for(CPUINFO.format(vendor, family, flags) * 2) == kernels


def test_a_machine_that_tells_nothing_is_left_alone() -> None:
    assert kernels_for("") is None


def test_what_somebody_has_set_stays() -> None:
    code = "import os, pipeline; print(os.environ['OPENBLAS_CORETYPE'])"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, VARIABLE: "Haswell"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "Haswell"
