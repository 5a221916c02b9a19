from .engine import Engine as Engine, load_engine as load_engine
from .filters import Filters as Filters
from .recommend import Recommendation as Recommendation, RecommendationList as RecommendationList
from .request import Request as Request
from .title_lookup import TitleLookup as TitleLookup
