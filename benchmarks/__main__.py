"""`make bench`: run all benchmarks, or some: `python -m benchmarks read_ratings item_cf_fit`."""

import importlib
import sys
from pathlib import Path

from benchmarks.harness import Skipped

NOT_BENCHMARKS = {"__init__", "__main__", "harness"}


def main() -> None:
    """Run the benchmarks one after another. Print the reason for each one that is skipped."""
    available = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_BENCHMARKS)
    names = sys.argv[1:] or available
    unknown = set(names) - set(available)
    if unknown:
        sys.exit(f"No benchmark is called {', '.join(unknown)}. The benchmarks are {', '.join(available)}.")
    for name in names:
        try:
            importlib.import_module(f"benchmarks.{name}").run()
        except Skipped as reason:
            print(f"\n{name}: skipped: {reason}")


main()
