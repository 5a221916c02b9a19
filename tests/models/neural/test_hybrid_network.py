import pytest
import torch
from torch import nn
from torch.nn import functional as F

from matinee.models.neural.hybrid_network import ContentBranch, HybridConfig, RatingsModule


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Steps of so small a model take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def module(**changes: object) -> RatingsModule:
    config = HybridConfig(**({"hidden": (5,), "dropout": 0.0, "input_dropout": 0.0} | changes))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        made = RatingsModule(torch.randn(6, 4), 3, config)
        made.factors, made.folding = torch.randn(6, 3), torch.rand(6, 3)
    made.trust = torch.tensor([0.0, 0.25, 0.5, 0.5, 0.75, 1.0])[:, None]
    made.users = torch.tensor([0.0, 0.1, 0.2, 0.2, 0.4, 0.8])
    return made


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


def test_a_movie_stands_between_its_raters_and_its_content() -> None:
    network = module(lift=2.0)
    with torch.no_grad():
        content = network.content_branch(network.features)
        network.set_vectors()
    torch.testing.assert_close(network.cf[0], 2 * content[0])  # nobody rated it
    torch.testing.assert_close(network.cf[5], network.factors[5])  # so many did that content has no say
    torch.testing.assert_close(network.cf[1], 0.25 * network.factors[1] + 0.75 * 2 * content[1])
    torch.testing.assert_close(network.entries, network.folding * network.cf)
    torch.testing.assert_close(network.empty_user, (network.users[:, None] * network.entries).sum(0))
