"""Taking times fairly: the sides take turns, so that a slow minute of the machine hits all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def alternate(sides: Mapping[str, Callable[[], object]], *, rounds: int, warm: int = 3) -> dict[str, float]:
    """Median milliseconds of each side over `rounds` turns, after `warm` turns that don't count."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(warm + rounds):
        for name, act in sides.items():
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            act()
            spent = time.perf_counter() - start
            gc.enable()
            if turn >= warm:
                taken[name].append(spent * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}
