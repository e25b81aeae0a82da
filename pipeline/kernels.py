"""Which matrix kernels numpy's BLAS takes: the fast ones also where BLAS mistakes the processor.

OpenBLAS up to 0.3.31 takes AMD's family 26 (Zen 5) for one without AVX-512 (OpenMathLib/OpenBLAS,
issue 6029) and multiplies at half the speed. ``OPENBLAS_CORETYPE`` names the kernels; OpenBLAS
reads it when numpy is first imported, so it is set before.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

VARIABLE = "OPENBLAS_CORETYPE"
CPUINFO = Path("/proc/cpuinfo")
READ = 16_384  # bytes: more than Linux tells of one core; all cores are alike
NEEDED = frozenset({"avx512f", "avx512dq", "avx512cd", "avx512bw", "avx512vl"})
WITH_AVX512 = "SkylakeX"


def choose_kernels() -> None:
    """Set ``OPENBLAS_CORETYPE`` where it helps, unless somebody has set it or it is too late."""
    if VARIABLE not in os.environ and "numpy" not in sys.modules and CPUINFO.is_file():
        with CPUINFO.open(encoding="utf-8", errors="replace") as cpuinfo:
            if kernels := kernels_for(cpuinfo.read(READ)):
                os.environ[VARIABLE] = kernels


def kernels_for(cpuinfo: str) -> str | None:
    """The kernels to name for a processor that Linux describes so; ``None``: OpenBLAS knows."""
    told = dict(re.findall(r"^([\w ]*\w)\s*: (.*)$", cpuinfo, re.MULTILINE))
    is_unknown = told.get("vendor_id") == "AuthenticAMD" and told.get("cpu family") == "26"
    return WITH_AVX512 if is_unknown and set(told.get("flags", "").split()) >= NEEDED else None
