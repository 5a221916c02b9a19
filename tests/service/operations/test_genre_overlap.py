import numpy as np
import pytest

from matinee.service.operations import recommendations as operations
from matinee.service.operations.genre_overlap import ALIKE, genre_overlap
from matinee.service.state.served_run import ServedRun


def test_it_counts_the_likest_films_that_share_a_genre_beside_chance(run: ServedRun) -> None:
    found = genre_overlap(run)
    assert found
    genres = [set(one or []) for one in run.engine.movies["genres"].to_list()]
    for one in found.films:
        alike = [film.row for film in operations.similar_movies(run, run.ids[one.row], ALIKE)]
        assert one.alike == pytest.approx(np.mean([bool(genres[one.row] & genres[row]) for row in alike]))
        others = [row for row in range(len(genres)) if row != one.row]
        assert one.chance == pytest.approx(np.mean([bool(genres[one.row] & genres[row]) for row in others]))
    assert 0 <= found.low <= found.alike <= found.high <= 1
    assert found.chance == pytest.approx(np.mean([one.chance for one in found.films]))
    rated = run.engine.rated
    assert rated[found.films[0].row] == rated.max()
