import pytest
import torch
from torch import Tensor

from matinee.models.neural.towers import MovieTower, RecencyPool, UserTower, divide_by_norm


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Use one thread: steps of such small models take less time than threads need to wait for each other."""
    torch.set_num_threads(1)


def random(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_a_past_is_pooled_by_half_lives() -> None:
    """With a half-life of one step, 8, 4, 2 (oldest first) weigh 1/4, 1/2, 1; with one of two, each its root."""
    x = torch.tensor([[[8.0], [4.0], [2.0]]])
    sums = RecencyPool((1.0, 2.0))(x)[0]
    torch.testing.assert_close(sums[0], torch.tensor([8.0, 8.0]))
    h = 0.5**0.5
    torch.testing.assert_close(sums[1], torch.tensor([(4 + 4) / 1.25**0.5, (4 + 8 * h) / 1.5**0.5]))
    torch.testing.assert_close(sums[2, 0], torch.tensor((2 + 2 + 2) / (1 + 1 / 4 + 1 / 16) ** 0.5))


def test_without_half_lives_all_weights_are_equal() -> None:
    x = random(2, 5, 3)
    torch.testing.assert_close(RecencyPool(())(x)[:, 3], x[:, :4].sum(1) / 2)


@pytest.mark.parametrize("half_lives", [(0.5, 3.0), ()])
def test_the_latest_sums_are_those_of_the_last_position(half_lives: tuple[float, ...]) -> None:
    pool, x = RecencyPool(half_lives), random(3, 6, 4)
    sums = pool(x)
    every = torch.ones(3, 6, dtype=torch.bool)
    latest = pool.latest(x, torch.tensor([6, 1, 4]), every)
    torch.testing.assert_close(latest, sums[[0, 1, 2], [5, 0, 3]])
    torch.testing.assert_close(pool.latest(x, torch.tensor([0, 0, 0]), every), torch.zeros_like(latest))


def test_removed_movies_add_nothing_and_the_others_keep_their_age() -> None:
    pool, x = RecencyPool((1.0,)), random(1, 3, 2)
    without_the_middle = pool.latest(x, torch.tensor([3]), torch.tensor([[True, False, True]]))
    expected = (x[:, 2] + x[:, 0] / 4) / (1 + 1 / 16) ** 0.5
    torch.testing.assert_close(without_the_middle, expected)


def test_half_lives_are_learned() -> None:
    pool = RecencyPool((2.0,))
    pool(random(1, 4, 2))[0, -1].sum().backward()
    assert pool.log_half_life.grad is not None
    assert pool.log_half_life.grad.abs() > 0


def test_a_user_is_the_sum_of_id_attributes_and_past() -> None:
    tower = UserTower(n_ids=3, attributes=(2, 4), past=5, width=6, sizes=())
    assert tower.ids is not None
    assert tower.join is not None
    past = random(2, 7, 5)
    vectors = tower(torch.tensor([[2, 1, 3], [0, 0, 1]]), past)
    gender, age = tower.attributes
    expected = tower.ids.weight[2] + gender(torch.tensor(1)) + age(torch.tensor(3)) + tower.join(past[0, 4])
    torch.testing.assert_close(vectors[0, 4], expected)
    assert vectors.shape == (2, 7, 6)


def test_a_tower_ignores_unused_inputs() -> None:
    tower = UserTower(n_ids=0, attributes=(), past=5, width=6, sizes=())
    past = random(1, 1, 5)
    torch.testing.assert_close(tower(torch.tensor([[9, 9, 9, 9]]), past), tower(torch.tensor([[0, 0, 0, 0]]), past))


def test_layers_come_after_the_sum_with_a_leaky_relu_after_each() -> None:
    tower = UserTower(n_ids=3, attributes=(), past=0, width=6, sizes=(5, 2))
    assert tower.ids is not None
    (first, _, second, _) = tower.layers
    x = torch.nn.functional.leaky_relu(first(tower.ids.weight[1]))
    expected = torch.nn.functional.leaky_relu(second(x))
    torch.testing.assert_close(tower(torch.tensor([[1]]), torch.zeros(1, 1, 0))[0, 0], expected)


def test_a_movie_is_its_id_and_the_means_of_its_genres_and_words() -> None:
    genres = torch.tensor([[1, 1, 0], [0, 0, 0]], dtype=torch.uint8)
    words = torch.tensor([[2, 1, 0], [0, 0, 0]], dtype=torch.int32)
    tower = MovieTower(2, (genres, words), width=4, sizes=())
    assert tower.words_of is not None
    genre, word = tower.genres_of.weight.T, tower.words_of.weight
    torch.testing.assert_close(
        tower.all_vectors()[0], tower.ids.weight[0] + (genre[0] + genre[1]) / 2 + (word[1] + word[2]) / 2
    )
    torch.testing.assert_close(tower.all_vectors()[1], tower.ids.weight[1])
    torch.testing.assert_close(tower(torch.tensor([1, 0])), tower.all_vectors()[[1, 0]])


def test_vectors_are_divided_by_a_power_of_their_length() -> None:
    vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    torch.testing.assert_close(divide_by_norm(vectors, 0), vectors)
    torch.testing.assert_close(divide_by_norm(vectors, 1), torch.tensor([[0.6, 0.8], [0.0, 0.0]]))
    torch.testing.assert_close(divide_by_norm(vectors, 2), torch.tensor([[0.12, 0.16], [0.0, 0.0]]))
