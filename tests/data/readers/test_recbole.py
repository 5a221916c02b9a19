from pathlib import Path

from matinee.data.readers.checks import build_dataset
from matinee.data.readers.recbole import find_recbole, read_recbole

INTER = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"


def write_files(folder: Path, **contents: str) -> Path:
    for suffix, text in contents.items():
        (folder / f"small.{suffix}").write_text(text, encoding="utf-8")
    return folder / "small.inter"


def test_ratings_movies_and_users(tmp_path: Path):
    path = write_files(
        tmp_path,
        inter=INTER + "196\t543\t3\t881250949\n186\t1\t4\t891717742.0\n",
        item="item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n"
        "1\tToy Story\t1995\tAnimation Children's\n"
        "267\tunknown\tunknown\tunknown\n"
        '543\tMisérables", Les\t1995\tDrama\n',
        user="user_id:token\tage:token\tgender:token\n186\t39\tF\n196\t49\tM\n",
    )

    dataset, issues = build_dataset(read_recbole(path))

    assert dataset.name == "small"
    assert dataset.movies.rows() == [
        (1, "Toy Story", 1995, ["Animation", "Children's"]),
        (267, "unknown", None, []),
        (543, 'Les Misérables"', 1995, ["Drama"]),
    ]
    assert dataset.users is not None
    assert dataset.users.rows() == [(186, 39, "F"), (196, 49, "M")]
    assert dataset.ratings.timestamp is not None
    assert dataset.ratings.timestamp.tolist() == [891717742, 881250949]
    assert [(issue.kind, issue.column, issue.row) for issue in issues] == [("unreadable values", "year", 3)]


def test_other_column_names_and_text_ids_are_read(tmp_path: Path):
    path = write_files(
        tmp_path,
        inter="user_id:token\titem_id:token\nada\theat\n",
        item="item_id:token\tmovie_title:token_seq\tgenre:token_seq\nheat\tHeat (1995)\tCrime Drama\n",
    )

    dataset, _ = build_dataset(read_recbole(path))

    assert dataset.movies.rows() == [("heat", "Heat", 1995, ["Crime", "Drama"])]
    assert dataset.ratings.rating is None
    assert not dataset.has_order


def test_the_scale_comes_from_the_map_or_the_ratings(
    tmp_path: Path,
):
    whole = write_files(tmp_path, inter=INTER + "1\t10\t3\t881250949\n1\t20\t5\t881250949\n")
    assert read_recbole(whole).scale == (1.0, 5.0)
    half = write_files(tmp_path, inter=INTER + "1\t10\t3\t881250949\n1\t20\t4.5\t881250949\n")
    assert read_recbole(half).scale == (0.5, 5.0)
    (tmp_path / "matinee.toml").write_text("scale = [0, 10]")
    assert read_recbole(half).scale == (0.0, 10.0)


def test_a_folder_without_find_recboles_has_none(tmp_path: Path):
    assert find_recbole(tmp_path) is None
