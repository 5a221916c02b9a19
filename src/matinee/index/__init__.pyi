from .ngram import NgramIndex as NgramIndex
from .prefix import PrefixIndex as PrefixIndex
from .ranks import ranks_against_ties as ranks_against_ties
from .top import top_rows as top_rows
