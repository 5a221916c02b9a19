"""Files in, one `Dataset` out. No tensors, no SQL."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset, Ratings
    from matinee.data.histories import GAP, Histories
    from matinee.data.readers.dataset_writer import write_dataset
    from matinee.data.readers.formats import detect_format, read_dataset
    from matinee.data.readers.tables import DataIssue
    from matinee.data.splits import Split, make_split
    from matinee.data.summary import Summary, summarise
    from matinee.data.vocabulary import Vocabulary

__all__ = [
    "GAP",
    "DataIssue",
    "Dataset",
    "Histories",
    "Ratings",
    "Split",
    "Summary",
    "Vocabulary",
    "detect_format",
    "make_split",
    "read_dataset",
    "summarise",
    "write_dataset",
]

_MODULES = {
    "DataIssue": "matinee.data.readers.tables",
    "Dataset": "matinee.data.dataset",
    "GAP": "matinee.data.histories",
    "Histories": "matinee.data.histories",
    "Ratings": "matinee.data.dataset",
    "Split": "matinee.data.splits",
    "Summary": "matinee.data.summary",
    "Vocabulary": "matinee.data.vocabulary",
    "detect_format": "matinee.data.readers.formats",
    "make_split": "matinee.data.splits",
    "read_dataset": "matinee.data.readers.formats",
    "summarise": "matinee.data.summary",
    "write_dataset": "matinee.data.readers.dataset_writer",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
