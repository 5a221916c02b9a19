"""Seconds and memory of a piece of work."""

import platform
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil


class ResourceMeter:
    """A context manager that measures `seconds` and the `peak_memory_mb` of the whole process meanwhile.

    The resident size is read every 10 ms by a thread, so a peak shorter than that can be missed.
    """

    seconds: float
    peak_memory_mb: float

    def __enter__(self) -> Self:
        self._process = psutil.Process()
        self._peak = self._process.memory_info().rss
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self._start = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.perf_counter() - self._start
        self._finished.set()
        self._thread.join()
        self.peak_memory_mb = max(self._peak, self._process.memory_info().rss) / 1e6

    def _watch(self) -> None:
        while not self._finished.wait(0.01):
            self._peak = max(self._peak, self._process.memory_info().rss)


def machine() -> dict[str, Any]:
    """Describe this machine: processor, cores, memory in GB, Python."""
    return {
        "processor": _processor(),
        "cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "python": platform.python_version(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
