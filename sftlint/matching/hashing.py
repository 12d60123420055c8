"""Odd numbers by which hashes are multiplied, so that the high bits depend on all of them (Knuth, TAOCP 3, section 6.4)."""

from __future__ import annotations

import numpy as np

GOLDEN64 = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio
GOLDEN32 = np.uint32(0x9E3779B1)  # the prime next to 2**32 divided by it
