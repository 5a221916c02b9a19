"""The data sets that can be downloaded: address, size, contents and licence.

MovieLens: F. Maxwell Harper and Joseph A. Konstan, "The MovieLens Datasets: History and Context", ACM TiiS
5(4), 2015. Counts are those of each set's README; GroupLens replaces `ml-latest` and `ml-latest-small` from
time to time.
"""

from dataclasses import dataclass

from matinee.errors import NotFoundError

GROUPLENS = "https://files.grouplens.org/datasets/movielens"

_ASK_FIRST = "GroupLens: for research; redistribution and commercial use need their permission"
_SAME_TERMS = "GroupLens: for research, may be redistributed unchanged; commercial use needs their permission"


@dataclass(frozen=True)
class Wheel:
    """Data inside a package of the Python package index. The package is downloaded, never installed or run."""

    requirement: str  # name==version
    sha256: str
    files: tuple[str, ...]  # the files to extract, by their path inside the wheel


@dataclass(frozen=True)
class Source:
    """A data set: a zip file at a URL, a wheel, or a zip file with a wheel as the fallback.

    A downloaded set is a folder that holds all files of one of the `layouts`.
    """

    name: str
    description: str
    licence: str
    layouts: tuple[tuple[str, ...], ...]
    megabytes: float  # to download, about
    ratings: int | None = None
    users: int | None = None
    movies: int | None = None
    url: str | None = None  # of a zip file; its MD5 is published at the same URL with .md5 added
    wheel: Wheel | None = None


_CSV = (("ratings.csv", "movies.csv"),)
_RECBOLE_FILES = ("ml-100k.inter", "ml-100k.item", "ml-100k.user")
_RECBOLE = Wheel(
    "recbole==1.2.1",
    "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
    tuple(f"recbole/dataset_example/ml-100k/{name}" for name in _RECBOLE_FILES),
)
_BOKEH = Wheel(
    "bokeh-sampledata==2026.1",
    "f40331a40ca30c64a1c1471835aad9006b61b0d9731a3f649ee8cbbf48d3822f",
    ("bokeh_sampledata/_data/movies.db",),
)

SOURCES = (
    Source(
        name="ml-100k",
        description="MovieLens 100K (1998): the classic small set, with age, gender and occupation of each user",
        licence=_ASK_FIRST,
        layouts=(("u.data", "u.item", "u.user"), _RECBOLE_FILES),
        megabytes=4.9,
        ratings=100_000,
        users=943,
        movies=1_682,
        url=f"{GROUPLENS}/ml-100k.zip",
        wheel=_RECBOLE,
    ),
    Source(
        name="ml-1m",
        description="MovieLens 1M (2003): the set used in most papers, with demographics",
        licence=_ASK_FIRST,
        layouts=(("ratings.dat", "movies.dat", "users.dat"),),
        megabytes=5.9,
        ratings=1_000_209,
        users=6_040,
        movies=3_883,
        url=f"{GROUPLENS}/ml-1m.zip",
    ),
    Source(
        name="ml-10m",
        description="MovieLens 10M (2009): half stars and tags",
        licence=_ASK_FIRST,
        layouts=(("ratings.dat", "movies.dat"),),
        megabytes=65.6,
        ratings=10_000_054,
        users=71_567,
        movies=10_681,
        url=f"{GROUPLENS}/ml-10m.zip",
    ),
    Source(
        name="ml-20m",
        description="MovieLens 20M (2015): with the tag genome",
        licence=_SAME_TERMS,
        layouts=_CSV,
        megabytes=199,
        ratings=20_000_263,
        users=138_493,
        movies=27_278,
        url=f"{GROUPLENS}/ml-20m.zip",
    ),
    Source(
        name="ml-25m",
        description="MovieLens 25M (2019): with the tag genome",
        licence=_SAME_TERMS,
        layouts=_CSV,
        megabytes=262,
        ratings=25_000_095,
        users=162_541,
        movies=62_423,
        url=f"{GROUPLENS}/ml-25m.zip",
    ),
    Source(
        name="ml-32m",
        description="MovieLens 32M (2023): the largest set that does not change",
        licence=_SAME_TERMS,
        layouts=_CSV,
        megabytes=239,
        ratings=32_000_204,
        users=200_948,
        movies=87_585,
        url=f"{GROUPLENS}/ml-32m.zip",
    ),
    Source(
        name="ml-latest-small",
        description="MovieLens latest, small: one megabyte; it changes, so not for published numbers",
        licence=_SAME_TERMS,
        layouts=_CSV,
        megabytes=1,
        ratings=100_836,
        users=610,
        movies=9_742,
        url=f"{GROUPLENS}/ml-latest-small.zip",
    ),
    Source(
        name="ml-latest",
        description="MovieLens latest, full: all ratings so far; it changes, so not for published numbers",
        licence=_SAME_TERMS,
        layouts=_CSV,
        megabytes=335,
        ratings=33_832_162,
        users=330_975,
        movies=86_537,
        url=f"{GROUPLENS}/ml-latest.zip",
    ),
    Source(
        name="movie-table",
        description="Directors, casts, writers, countries and critics' scores of movies of 1940-2014, from Wikidata",
        licence="CC0: free for any use",
        layouts=(("movies.db",),),
        megabytes=12.8,
        movies=17_472,
        wheel=_BOKEH,
    ),
)


def find_source(name: str) -> Source:
    """The source with that name. Raises NotFoundError, which lists the valid names."""
    for source in SOURCES:
        if source.name == name:
            return source
    names = ", ".join(source.name for source in SOURCES)
    raise NotFoundError(f"No data set is called {name!r}. Use one of: {names}.")
