import json

import numpy as np
import pytest

from matinee.errors import RunError
from matinee.models.registry import make
from matinee.models.runs import load_run, save_run
from tests.datasets import checkerboard


def test_a_run_holds_all_that_is_needed_and_nobodys_ratings(tmp_path) -> None:
    data = checkerboard()
    model = make("slist").fit(data)
    run = save_run(tmp_path / "run", model, data, tmp_path, {"MODEL_CARD.md": b"# slist\n"})
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "MODEL_CARD.md",
        "catalogue.parquet",
        "settings.json",
        "weights.safetensors",
    ]
    back = load_run(run.folder)
    counted = back.movies.select("rated", "rated_recently", "question")
    assert back.movies.drop(counted.columns).equals(data.movies)
    assert counted["rated"].to_list() == data.counts.tolist()
    assert back.scale == data.scale
    assert back.settings["data"]["fingerprint"] == data.fingerprint
    np.testing.assert_array_equal(back.model.score(data.histories), model.score(data.histories))


def test_an_older_run_is_replaced_and_anything_else_is_not(tmp_path) -> None:
    data = checkerboard()
    folder = tmp_path / "run"
    save_run(folder, make("ease").fit(data), data, tmp_path)
    save_run(folder, make("slist").fit(data), data, tmp_path)
    assert load_run(folder).model.name == "slist"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    precious = tmp_path / "letters"
    precious.mkdir()
    (precious / "letter.txt").write_text("dear")
    with pytest.raises(RunError, match="not a run"):
        save_run(precious, make("ease").fit(data), data, tmp_path)
    assert (precious / "letter.txt").read_text() == "dear"


def test_a_failed_save_leaves_the_old_run(tmp_path, monkeypatch) -> None:
    data = checkerboard()
    folder = tmp_path / "run"
    save_run(folder, make("ease").fit(data), data, tmp_path)

    def no_space_left(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matinee.models.runs.write_parquet", no_space_left)
    with pytest.raises(OSError, match="No space"):
        save_run(folder, make("slist").fit(data), data, tmp_path)
    assert load_run(folder).model.name == "ease"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("damage", ["empty", "settings", "catalogue", "model"])
def test_a_damaged_run_is_refused_in_one_line(damage: str, tmp_path) -> None:
    data = checkerboard()
    folder = tmp_path / "run"
    save_run(folder, make("ease").fit(data), data, tmp_path)
    if damage == "empty":
        for path in folder.iterdir():
            path.unlink()
    elif damage == "settings":
        (folder / "settings.json").write_text("{")
    elif damage == "catalogue":
        data.movies.head(3).write_parquet(folder / "catalogue.parquet")
    else:
        settings = json.loads((folder / "settings.json").read_text())
        (folder / "settings.json").write_text(json.dumps(settings | {"movies": 5}))
    with pytest.raises(RunError) as refused:
        load_run(folder)
    assert str(folder) in str(refused.value)
    assert "\n" not in str(refused.value)
