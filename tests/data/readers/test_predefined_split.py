from pathlib import Path

import pytest

from matinee.data.readers.predefined_split import read_predefined_split
from matinee.data.splits import TEST, TRAIN, VALIDATION
from matinee.errors import DataError

HEADER = "user_id,movie_id,rating,timestamp\n"


def write_files(folder: Path, **parts: str) -> Path:
    for name, rows in parts.items():
        (folder / f"ratings_{name}.csv").write_text(HEADER + rows)
    return folder


def parts_by_pair(folder: Path) -> dict[tuple[int, int], int]:
    split = read_predefined_split(folder)
    ratings = split.dataset.ratings
    users = split.dataset.user_ids.ids[ratings.user].tolist()
    movies = split.dataset.movie_ids.ids[ratings.movie].tolist()
    assert len(split.part) == len(ratings)
    return dict(zip(zip(users, movies, strict=True), split.part.tolist(), strict=True))


def test_every_rating_keeps_its_part_through_the_ordering(tmp_path: Path):
    folder = write_files(
        tmp_path,
        train="2,10,4,900000300\n1,20,3,900000100\n1,10,5,900000400\n",
        validation="1,30,5,900000200\n",
        test="2,30,4,900000100\n1,40,4,900000300\n",
    )

    assert parts_by_pair(folder) == {
        (1, 20): TRAIN,
        (1, 30): VALIDATION,
        (1, 40): TEST,
        (1, 10): TRAIN,
        (2, 30): TEST,
        (2, 10): TRAIN,
    }


def test_a_rating_in_two_parts_counts_in_the_latest(tmp_path: Path):
    folder = write_files(
        tmp_path,
        train="1,10,4,900000100\n1,20,4,900000900\n1,30,4,900000100\n",
        test="1,10,5,900000200\n1,20,5,900000200\n1,30,5,900000100\n",
    )

    assert parts_by_pair(folder) == {(1, 10): TEST, (1, 30): TEST, (1, 20): TRAIN}
    (issue,) = (issue for issue in read_predefined_split(folder).issues if issue.kind == "duplicate ratings")
    assert (issue.count, issue.row, issue.path) == (3, None, tmp_path)


def test_without_timestamps_the_order_is_that_of_the_files(tmp_path: Path):
    (tmp_path / "ratings_train.csv").write_text("user_id,movie_id\nada,b\nada,a\n")
    (tmp_path / "ratings_test.csv").write_text("user_id,movie_id\nada,c\nada,a\n")

    split = read_predefined_split(tmp_path)

    assert split.dataset.ratings.movie.tolist() == [1, 2, 0]
    assert split.part.tolist() == [TRAIN, TEST, TEST]
    assert not split.dataset.has_order


def test_the_folder_may_be_inside_another(tmp_path: Path):
    (tmp_path / "inside").mkdir()
    write_files(tmp_path / "inside", train="1,10,4,900000100\n", test="1,20,4,900000100\n")

    assert parts_by_pair(tmp_path) == {(1, 10): TRAIN, (1, 20): TEST}


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("ratings.csv", "user_id,movie_id\n1,10\n", "no ratings_train.csv or ratings_train.parquet"),
        ("ratings.dat", "1::10::4::900000100\n", "movielens-dat has no predefined split"),
    ],
)
def test_data_without_a_split_is_refused(tmp_path: Path, file: str, text: str, message: str):
    (tmp_path / file).write_text(text)

    with pytest.raises(DataError, match=message):
        read_predefined_split(tmp_path)
