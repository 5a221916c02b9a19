import json

import numpy as np
import pytest

import matinee
from matinee.errors import RunError
from matinee.models.memory_budget import describe_solver
from matinee.models.registry import make
from matinee.models.runs import DataInfo, load_run, load_run_info, save_run
from tests.datasets import checkerboard


def test_a_run_has_everything_but_ratings(tmp_path) -> None:
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
    assert back.info == run.info
    assert (back.info.model, back.info.version, back.info.solver) == ("slist", matinee.__version__, ())
    assert back.info.config == model.config.model_dump(mode="json")
    assert back.info.data == DataInfo(
        "checkerboard", str(tmp_path), data.fingerprint, len(data.ratings), 40, data.scale
    )
    assert (back.card, back.metrics) == ("# slist\n", None)
    np.testing.assert_array_equal(back.model.score(data.histories), model.score(data.histories))


def test_only_a_run_is_replaced(tmp_path) -> None:
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


@pytest.mark.parametrize("change", [{"format": 1}, {"format": None}])
def test_a_run_of_an_older_version_is_refused(change: dict[str, int | None], tmp_path) -> None:
    data = checkerboard()
    folder = save_run(tmp_path / "run", make("ease").fit(data), data, tmp_path).folder
    settings = json.loads((folder / "settings.json").read_text()) | change
    (folder / "settings.json").write_text(json.dumps(settings))
    for load in (load_run, load_run_info):
        with pytest.raises(RunError, match=r"was written by another version of matinee\. Train it again\.$"):
            load(folder)


def test_the_info_of_a_run_names_its_dense_movies(tmp_path) -> None:
    data = checkerboard()
    run = save_run(tmp_path / "run", make("ease", head=5).fit(data), data, tmp_path)
    assert load_run_info(run.folder) == run.info
    assert [str(message) for message in run.info.solver] == [
        str(message) for message in describe_solver(run.model, data.counts)
    ]
    assert "the 5 most-rated movies densely" in str(run.info.solver[0])


def test_metrics_are_read_and_must_be_json(tmp_path) -> None:
    data = checkerboard()
    model = make("popularity").fit(data)
    assert save_run(tmp_path / "good", model, data, tmp_path, {"metrics.json": b'{"models": []}'}).metrics == {
        "models": []
    }
    damaged = save_run(tmp_path / "bad", model, data, tmp_path, {"metrics.json": b"{"})
    with pytest.raises(RunError, match="not JSON"):
        _ = damaged.metrics


def test_the_same_catalogue_has_the_same_ids_in_the_same_order(tmp_path) -> None:
    data = checkerboard()
    run = save_run(tmp_path / "run", make("popularity").fit(data), data, tmp_path)
    ids = data.movie_ids.ids.tolist()
    assert run.has_same_catalogue(ids)
    assert not run.has_same_catalogue(ids[::-1])
    assert not run.has_same_catalogue(ids[:-1])
