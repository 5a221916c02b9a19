"""A blind duel: two models' lists for one person, without names, until the better is picked."""

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

MOVIES_PER_LIST = 5  # of each list


def start_duel(state: AppState, run: ServedRun, user: User, wanted: tuple[str, str] | None = None) -> Duel:
    """Open a duel between two contenders, those `wanted` or two by chance, whose lists for the person differ.

    Each duel is about another half of the catalogue, the same for both: the same two lists again would be the same
    pick again, and no news. Chance decides by the person's number and how many duels they have decided: whoever begins
    again without a pick sees the same duel. Raises `NotFoundError` for models that are not there, `ConflictError` if
    no two lists differ.
    """
    contenders = state.compared_models.get(run)
    for name in wanted or ():
        if name not in contenders:
            raise NotFoundError(f"no model here is called '{name[:60]}'; there are {', '.join(contenders)}")
    decided = sum(one.first_wins + one.second_wins + one.neither for one in state.store.duels.tallies(user.id))
    chance = np.random.default_rng((user.id, decided))
    request = operations.request_for(run, state.user_feedback.get(run, user.id), ListQuery(k=MOVIES_PER_LIST))
    half = chance.permutation(run.engine.n_movies)[: run.engine.n_movies // 2]
    left_out = run.engine.listings_of(half).tolist()
    request = replace(request, filters=Filters(without=(*request.filters.without, *left_out)))
    lists = {name: one.top_rows(request) for name, one in contenders.items() if wanted is None or name in wanted}
    pairs = [pair for pair in combinations(lists, 2) if lists[pair[0]] != lists[pair[1]]]
    if not pairs:
        raise ConflictError("these models have the same list for you; expected two that differ")
    pair = pairs[int(chance.integers(len(pairs)))]
    left, right = pair if chance.random() < 0.5 else pair[::-1]
    shown = {side: [run.ids[row] for row in lists[name]] for side, name in (("left", left), ("right", right))}
    state.metrics.lists.labels("duel").inc()
    return state.store.duels.open(user.id, left, right, run.fingerprint, shown)
