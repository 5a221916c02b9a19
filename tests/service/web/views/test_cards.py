from dataclasses import replace

from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.cards import movie_cards, to_stars


def test_predictions_become_five_stars(run: ServedRun) -> None:
    ten_point_run = replace(run, engine=replace(run.engine, scale=(1.0, 10.0)))
    assert to_stars(ten_point_run, 8.0) == 4.0
    assert to_stars(run, 4.0) == 4.0
    assert to_stars(run, None) is None


def test_a_card_has_the_movies_title(run: ServedRun) -> None:
    (card,) = movie_cards(run, [0], "a note")
    assert (card.movie_id, card.title, card.note, card.stars) == ("100", "Heat", "a note", None)
