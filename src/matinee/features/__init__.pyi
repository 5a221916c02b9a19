from .content import Content as Content, content_features as content_features
from .facts import fact_vectors as fact_vectors, genre_vectors as genre_vectors
from .poster_embedding import frozen_embedding as frozen_embedding
from .posters import Posters as Posters, read_posters as read_posters
from .text import overview_vectors as overview_vectors
from .users import UserVocabulary as UserVocabulary
from .words import PADDING as PADDING, title_words as title_words
