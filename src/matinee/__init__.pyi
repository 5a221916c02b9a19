from .data.dataset import Dataset as Dataset
from .data.histories import Histories as Histories
from .data.readers.formats import read_dataset as read_dataset
from .data.splits import Split as Split, make_split as make_split
from .errors import InputError as InputError, MatineeError as MatineeError
from .evaluation.evaluate import evaluate as evaluate
from .i18n.reasons import reason_text as reason_text
from .models.recommender import Recommender as Recommender
from .models.registry import make as make
from .models.runs import Run as Run, load_run as load_run, save_run as save_run
from .pipeline.engine import Engine as Engine, load_engine as load_engine
from .pipeline.explain.explanation import Explanation as Explanation, explain_movie as explain_movie
from .pipeline.explore.similar import find_similar as find_similar
from .pipeline.filters import Filters as Filters
from .pipeline.recommend import Recommendation as Recommendation, recommend as recommend
from .pipeline.request import Request as Request
from .reports.schema import Report as Report
from .workflows.train import TrainingOptions as TrainingOptions, train_run as train_run
from .workflows.update import update_run as update_run

__version__: str
