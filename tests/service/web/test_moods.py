from matinee.service.state.served_run import ServedRun
from matinee.service.web.moods import MOODS, genres_for, moods_of, spoken_in


def test_a_mood_that_the_catalogue_has_no_genre_for_is_not_offered(run: ServedRun) -> None:
    assert run.genres == {"Even", "Odd"}
    assert moods_of(run) == []
    assert all(genres_for(run, mood) == () for mood in (*MOODS, "nonesuch"))
    assert spoken_in(run, "en") == []
