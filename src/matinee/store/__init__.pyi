from .movie_table import read_movie_table as read_movie_table
from .store import Store as Store, open_store as open_store
