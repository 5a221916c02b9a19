from .sparse import (
    Matrix as Matrix,
    pack as pack,
    recency_weights as recency_weights,
    unpack as unpack,
    user_movie_matrix as user_movie_matrix,
)
