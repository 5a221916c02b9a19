import numpy as np
import pytest

from matinee.service.operations import recommendations as operations
from matinee.service.operations.genre_overlap import N_SIMILAR, genre_overlap
from matinee.service.state.served_run import ServedRun


def test_the_share_of_similar_movies_with_a_common_genre(run: ServedRun) -> None:
    result = genre_overlap(run)
    assert result
    genres = [set(names or []) for names in run.engine.movies["genres"].to_list()]
    for movie in result.movies:
        similar = [item.row for item in operations.similar_movies(run, run.ids[movie.row], N_SIMILAR)]
        assert movie.similar_share == pytest.approx(np.mean([bool(genres[movie.row] & genres[row]) for row in similar]))
        others = [row for row in range(len(genres)) if row != movie.row]
        assert movie.random_share == pytest.approx(np.mean([bool(genres[movie.row] & genres[row]) for row in others]))
    assert 0 <= result.low <= result.similar_share <= result.high <= 1
    assert result.random_share == pytest.approx(np.mean([movie.random_share for movie in result.movies]))
    counts = run.engine.rating_counts
    assert counts[result.movies[0].row] == counts.max()
