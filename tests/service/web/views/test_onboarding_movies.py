import numpy as np

from matinee.data.histories import Histories
from matinee.pipeline.feedback_rules import disliked_entries
from matinee.service.state.served_run import ServedRun
from matinee.service.web.views.onboarding_movies import STARS, next_questions


def test_the_questionnaire_comes_before_popular_movies(run: ServedRun) -> None:
    rows = next_questions(run, [], [], run.engine.n_movies)
    questions = run.engine.questions.tolist()
    assert rows[: len(questions)] == questions
    assert sorted(rows) == list(range(run.engine.n_movies))


def test_excluded_movies_are_not_asked_about(run: ServedRun) -> None:
    first, second, third = next_questions(run, [], [], 3)
    assert next_questions(run, [first], [run.ids[second], "nonesuch"], 1) == [third]


def test_only_disliked_is_a_dislike_on_every_scale() -> None:
    for scale in ((1.0, 5.0), (0.5, 5.0)):
        history = Histories.of([[0, 1, 2]], [[STARS["loved"], STARS["liked"], STARS["disliked"]]])
        assert disliked_entries(history, scale).tolist() == [False, False, True]
    assert np.isclose(STARS["loved"], 5)
