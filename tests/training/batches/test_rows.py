import numpy as np

from matinee.training.batches.rows import RowBatches


def test_every_row_once_in_an_epoch_in_another_order_each_time() -> None:
    batches = RowBatches(np.arange(3, 26), 5, seed=0)
    first, again, second = ([batch for (batch,) in batches.epoch(number)] for number in (0, 0, 1))
    assert [len(batch) for batch in first] == [5, 5, 5, 5, 3]
    assert len(batches) == 5
    rows = [np.concatenate(epoch) for epoch in (first, again, second)]
    assert sorted(rows[0].tolist()) == list(range(3, 26))
    np.testing.assert_array_equal(rows[0], rows[1])
    assert (rows[0] != rows[2]).any()
