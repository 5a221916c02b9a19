"""Blind duels: the lists of two models for one user, without the models' names, until the user picks one."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from matinee.errors import ConflictError, NotFoundError
from matinee.pipeline.filters import Filters
from matinee.service.operations import recommendations as operations
from matinee.service.schemas.requests import ListQuery
from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.store.duels import Duel
from matinee.store.users import User

MOVIES_PER_LIST = 5


def start_duel(state: AppState, run: ServedRun, user: User, models: tuple[str, str] | None = None) -> Duel:
    """Create a duel between two models, given or random, whose lists for the user differ.

    Each duel uses a random half of the catalogue, the same for both models, because the same two lists again would
    bring the same pick. The seed is the user's number and the number of decided duels, so a new duel without a pick is
    the same duel. Raises `NotFoundError` for unknown models, and `ConflictError` if no two lists differ.
    """
    compared_models = state.compared_models.get(run)
    for name in models or ():
        if name not in compared_models:
            raise NotFoundError(f"No model is called '{name[:60]}'. Choose from {', '.join(compared_models)}.")
    tallies = state.store.duels.tallies(user.id)
    n_decided = sum(tally.first_wins + tally.second_wins + tally.neither for tally in tallies)
    rng = np.random.default_rng((user.id, n_decided))
    request = operations.request_for(run, state.user_feedback.get(run, user.id), ListQuery(k=MOVIES_PER_LIST))
    half = rng.permutation(run.engine.n_movies)[: run.engine.n_movies // 2]
    hidden = run.engine.listings_of(half).tolist()
    request = replace(request, filters=Filters(without=(*request.filters.without, *hidden)))
    lists = {
        name: model.top_rows(request) for name, model in compared_models.items() if models is None or name in models
    }
    pairs = [pair for pair in combinations(lists, 2) if lists[pair[0]] != lists[pair[1]]]
    if not pairs:
        raise ConflictError("These models have the same list for you. Choose two other models.")
    pair = pairs[int(rng.integers(len(pairs)))]
    left, right = pair if rng.random() < 0.5 else pair[::-1]
    shown = {side: [run.ids[row] for row in lists[name]] for side, name in (("left", left), ("right", right))}
    state.metrics.lists.labels("duel").inc()
    return state.store.duels.create(user.id, left, right, run.fingerprint, shown)
