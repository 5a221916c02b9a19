from .dataset import Dataset as Dataset, Ratings as Ratings
from .histories import GAP as GAP, Histories as Histories
from .readers.dataset_writer import write_dataset as write_dataset
from .readers.formats import detect_format as detect_format, read_dataset as read_dataset
from .readers.tables import DataIssue as DataIssue
from .splits import Split as Split, make_split as make_split
from .summary import Summary as Summary, summarise as summarise
from .vocabulary import Vocabulary as Vocabulary
