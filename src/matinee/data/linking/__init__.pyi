from .added_movies import add_movies as add_movies
from .catalogue_join import JoinReport as JoinReport, join_catalogue as join_catalogue
