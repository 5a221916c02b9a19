import numpy as np

from matinee.data.histories import Histories
from matinee.pipeline.dislikes import disliked_entries
from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.onboarding_movies import STARS, films_to_ask


def test_the_questionnaire_comes_first_then_what_most_have_rated(run: ServedRun) -> None:
    found = films_to_ask(run, [], [], run.engine.n_movies)
    questions = run.engine.questions.tolist()
    assert found[: len(questions)] == questions
    assert sorted(found) == list(range(run.engine.n_movies))


def test_what_is_known_or_was_asked_is_not_asked_again(run: ServedRun) -> None:
    first, second, third = films_to_ask(run, [], [], 3)
    assert films_to_ask(run, [first], [run.ids[second], "nonesuch"], 1) == [third]


def test_not_for_me_is_a_dislike_on_every_scale_and_the_others_are_none() -> None:
    for scale in ((1.0, 5.0), (0.5, 5.0)):
        history = Histories.of([[0, 1, 2]], [[STARS["loved"], STARS["liked"], STARS["not_for_me"]]])
        assert disliked_entries(history, scale).tolist() == [False, False, True]
    assert np.isclose(STARS["loved"], 5)
