import pytest
import torch
from torch import nn
from torch.nn import functional as F

from matinee.models.neural.hybrid_network import ContentBranch, HybridConfig, RatingsModule


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def module(**changes: object) -> RatingsModule:
    config = HybridConfig(**({"hidden_dims": (5,), "dropout": 0.0, "input_dropout": 0.0} | changes))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = RatingsModule(torch.randn(6, 4), 3, config)
        network.factors, network.folding = torch.randn(6, 3), torch.rand(6, 3)
    network.trust = torch.tensor([0.0, 0.25, 0.5, 0.5, 0.75, 1.0])[:, None]
    network.users = torch.tensor([0.0, 0.1, 0.2, 0.2, 0.4, 0.8])
    return network


def test_layers_are_those_of_the_settings() -> None:
    branch = ContentBranch(4, 3, HybridConfig(hidden_dims=(7, 5), layer_norm=True))
    kinds = [nn.Dropout, *[nn.Linear, nn.LayerNorm, nn.GELU, nn.Dropout] * 2, nn.Linear]
    assert [type(layer) for layer in branch.layers] == kinds
    assert branch(torch.zeros(2, 4)).shape == (2, 3)


def test_the_loss_is_squared_error_and_a_share_of_the_angle() -> None:
    network, rows = module(alignment=0.3), torch.tensor([4, 1])
    content = network.content_branch(network.features[rows])
    error = ((content - network.factors[rows]) ** 2).mean()
    angle = 1 - F.cosine_similarity(content, network.factors[rows]).mean()
    parts = network.loss((rows,))
    torch.testing.assert_close(parts["train MSE"], error)
    torch.testing.assert_close(parts["alignment"], angle)
    torch.testing.assert_close(parts["loss"], error + 0.3 * angle)
    with torch.no_grad():
        assert network.held_out_error(rows) == pytest.approx(float(error))


def test_vectors_mix_ratings_and_content_by_number_of_ratings() -> None:
    network = module(lift=2.0)
    with torch.no_grad():
        content = network.content_branch(network.features)
        network.set_vectors()
    torch.testing.assert_close(network.cf[0], 2 * content[0])  # it has no ratings
    torch.testing.assert_close(network.cf[5], network.factors[5])  # with many ratings content has no weight
    torch.testing.assert_close(network.cf[1], 0.25 * network.factors[1] + 0.75 * 2 * content[1])
    torch.testing.assert_close(network.entries, network.folding * network.cf)
    torch.testing.assert_close(network.empty_user, (network.users[:, None] * network.entries).sum(0))
