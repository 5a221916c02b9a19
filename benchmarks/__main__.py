"""`make bench`: run every benchmark, or those named: `python -m benchmarks read_ratings item_cf_fit`."""

import importlib
import sys
from pathlib import Path

from benchmarks.measuring import Skipped

NOT_BENCHMARKS = {"__init__", "__main__", "measuring"}


def main() -> None:
    """Run them one after another; a skipped one says why."""
    known = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_BENCHMARKS)
    names = sys.argv[1:] or known
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(known)}")
    for name in names:
        try:
            importlib.import_module(f"benchmarks.{name}").run()
        except Skipped as reason:
            print(f"\n{name}: skipped: {reason}")


main()
