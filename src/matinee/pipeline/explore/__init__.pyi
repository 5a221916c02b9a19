from .also_liked import AlsoLiked as AlsoLiked, LikesIndex as LikesIndex
from .similar import SimilarMovie as SimilarMovie, find_similar as find_similar
from .similar_users import SimilarUser as SimilarUser, find_similar_users as find_similar_users
from .taste_map import TasteMap as TasteMap, build_taste_map as build_taste_map
from .title_search import TitleSearch as TitleSearch
