from dataclasses import replace

from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.cards import out_of_five, plain


def test_predictions_are_told_out_of_five_whatever_the_scale(run: ServedRun) -> None:
    ten = replace(run, cinema=replace(run.engine, scale=(1.0, 10.0)))
    assert out_of_five(ten, 8.0) == 4.0
    assert out_of_five(run, 4.0) == 4.0
    assert out_of_five(run, None) is None


def test_a_card_says_which_film_it_is(run: ServedRun) -> None:
    (card,) = plain(run, [0], "for a reason")
    assert (card.movie_id, card.title, card.why, card.stars) == ("100", "Heat", "for a reason", None)
