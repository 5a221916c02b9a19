from pathlib import Path

import pytest

from matinee.data.readers.formats import detect_format, locate, read_dataset
from matinee.errors import DataError

CONTENTS = {
    "movielens-100k": {"u.data": "1\t10\t4\t881250949\n"},
    "movielens-dat": {"ratings.dat": "1::10::4::881250949\n"},
    "movielens-csv": {"ratings.csv": "userId,movieId,rating,timestamp\n1,10,4,881250949\n"},
    "recbole": {"a.inter": "user_id:token\titem_id:token\n1\t10\n"},
    "tmdb": {"films.csv": "id,title,genres\n10,Heat,Crime\n", "stray.csv": ""},
    "plain": {"ratings.csv": "user_id,movie_id\n1,10\n"},
}


def write_files(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    for file, text in CONTENTS[name].items():
        (folder / file).write_text(text)
    return folder


@pytest.mark.parametrize("name", CONTENTS)
def test_formats_are_recognised_in_folders_and_files(tmp_path: Path, name: str):
    inside = write_files(tmp_path / "inside", name)
    (tmp_path / "__MACOSX").mkdir()
    file = inside / next(iter(CONTENTS[name]))

    assert [detect_format(path) for path in (inside, file, tmp_path)] == [name] * 3
    dataset, _ = read_dataset(str(tmp_path))
    assert dataset.movie_ids.ids.tolist() == [10]


def test_a_map_makes_movielens_columns_a_plain_folder(tmp_path: Path):
    write_files(tmp_path, "movielens-csv")
    (tmp_path / "matinee.toml").write_text('[ratings]\nuser_id = "userId"\nmovie_id = "movieId"\n')

    assert detect_format(tmp_path) == "plain"
    assert read_dataset(tmp_path)[0].user_ids.ids.tolist() == [1]


def test_the_dataset_is_named_after_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(write_files(tmp_path / "mine", "plain"))

    assert locate(".") == ("plain", tmp_path / "mine")
    assert read_dataset(".")[0].name == "mine"


def test_the_error_lists_some_of_the_contents(tmp_path: Path):
    for number in range(20):
        (tmp_path / f"{number:02}.txt").touch()

    with pytest.raises(DataError, match=r"00.txt, .*05.txt and 14 more; expected MovieLens"):
        detect_format(tmp_path)
