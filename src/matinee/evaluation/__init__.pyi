from .documents import run_documents as run_documents
from .intervals import Bootstrap as Bootstrap
from .ranking import Ranking as Ranking, rank_targets as rank_targets
from .resources import ResourceMeter as ResourceMeter
from .tradeoff import draw_tradeoff as draw_tradeoff, measure_tradeoff as measure_tradeoff
