import math

import numpy as np
import polars as pl
import pytest
import torch
from torch.nn import functional as F

from matinee.errors import ProtocolError
from matinee.models.neural.hybrid_as_written import VotesModule, vote_targets
from matinee.models.neural.hybrid_network import HybridConfig


def test_targets_by_hand() -> None:
    movies = pl.DataFrame(
        {
            "overview": ["a", "b", None, "d", "e"],
            "vote_average": [8.0, 6.0, 9.0, None, 7.0],
            "vote_count": [99, 9, 999, 9, None],
            "popularity": [1.0] * 5,
        }
    )
    targets, rows = vote_targets(movies)
    assert rows.tolist() == [0, 1, 4]
    np.testing.assert_allclose(targets, [1, 6 * math.log(10) / (8 * math.log(100)), 0, 0, 0], rtol=1e-6)


def test_a_catalogue_without_votes_is_refused_in_one_line() -> None:
    with pytest.raises(ProtocolError, match="objective=votes needs a catalogue") as refused:
        vote_targets(pl.DataFrame({"overview": ["a"]}))
    assert "\n" not in str(refused.value)


def test_settled_vectors_are_both_branches_at_equal_length() -> None:
    torch.manual_seed(0)
    network = VotesModule(torch.randn(6, 4), HybridConfig(objective="votes", embedding_dim=3, hidden_dims=(5,))).eval()
    rows = torch.arange(6)
    content, cf = network.content_branch(network.features), network.collaborative(rows)
    network.targets = network.fusion(content, cf).detach() + 0.5
    with torch.no_grad():
        assert network.held_out_error(rows) == pytest.approx(0.25)
        network.set_vectors()
    torch.testing.assert_close(network.movies.norm(dim=1), torch.ones(6))
    torch.testing.assert_close(network.movies[:, :3], F.normalize(content.detach()) / 2**0.5)
    torch.testing.assert_close(network.movies[:, 3:], F.normalize(cf.detach()) / 2**0.5)
