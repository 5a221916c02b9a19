"""What goes out: the answers of `/api/v1`. Movies are named by their outside ids, as text; times are in UTC."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MovieId = Annotated[str, BeforeValidator(str)]  # catalogues name movies by numbers or by text


class ResponseModel(BaseModel):
    """Made from what the pipeline and the store return."""

    model_config = ConfigDict(from_attributes=True)


class MovieOut(ResponseModel):
    """A movie in short."""

    movie_id: MovieId = Field(examples=["318"])
    title: str = Field(examples=["The Shawshank Redemption"])
    year: int | None = Field(examples=[1994])


class MovieFactsOut(MovieOut):
    """A movie with what the catalogue knows of it."""

    genres: list[str] = Field(examples=[["Drama"]])
    rated: int = Field(description="Ratings it had when the run was trained.", examples=[2227])
    facts: dict[str, Any] = Field(examples=[{"director": ["Frank Darabont"], "runtime": 142}])


class MoviePageOut(ResponseModel):
    """A page of the catalogue, the most rated first."""

    items: list[MovieFactsOut]
    next: str | None


class FoundOut(ResponseModel):
    """What a search found, the likeliest first."""

    query: str
    items: list[MovieOut]


class RecommendationOut(MovieOut):
    """One movie of a list."""

    score: float = Field(description="In the model's own units: only the order means something.", examples=[3.2])
    predicted_rating: float | None = Field(examples=[4.31])
    reasons: list[str] = Field(examples=[["because you liked Heat (5 stars)"]])
    sources: dict[str, int] = Field(description="Its place in each source.", examples=[{"ranking": 1, "taste": 3}])


class ListOut(ResponseModel):
    """A list of recommendations, and what it was made of."""

    list_id: str = Field(examples=["l-3f0c9d1e"])
    model: str = Field(examples=["blend"])
    fingerprint: str = Field(description="Of the data the model learned from.")
    rated: int = Field(description="How many of the person's ratings it was built from.", examples=[37])
    items: list[RecommendationOut]


class ImpressionOut(ResponseModel):
    """One thing that happened with a list."""

    kind: str
    movie_id: str | None
    place: int | None
    at: datetime
    detail: dict[str, Any] | None


class ImpressionListOut(ResponseModel):
    """A list as it was shown, so that it can be explained later."""

    list_id: str
    model: str | None
    fingerprint: str | None
    events: list[ImpressionOut]


class SupporterOut(ResponseModel):
    """A movie of yours that speaks for another one."""

    movie_id: MovieId
    title: str
    stars: float | None
    share: float
    rank_without: int | None


class DetractorOut(ResponseModel):
    """A movie you did not like that speaks against another one."""

    movie_id: MovieId
    title: str
    stars: float | None
    factor: float


class ExplanationOut(MovieOut):
    """Why a movie stands where it stands with you."""

    rank: int | None
    of: int
    predicted_rating: float | None
    supporters: list[SupporterOut]
    detractors: list[DetractorOut]
    reasons: list[str]
    counterfactual: str = Field(examples=["without your 5 for Heat it would fall from 1 to 4"])


class SimilarMovieOut(MovieOut):
    """A movie like another."""

    likeness: float
    shared_genres: list[str]
    genre_overlap: float


class SimilarOut(ResponseModel):
    """Movies like one, the likest first."""

    to: MovieOut
    by: str | None
    items: list[SimilarMovieOut]


class AlsoLikedMovieOut(MovieOut):
    """A movie that fans of another one like more often than everybody does."""

    liked_by: int
    fans: int
    share: float


class AlsoLikedOut(ResponseModel):
    """People who liked this also liked."""

    of: MovieOut
    items: list[AlsoLikedMovieOut]


class RatingOut(ResponseModel):
    """A rating as it stands. Title and year are those of the catalogue, if it has the movie."""

    movie_id: MovieId
    title: str | None = None
    year: int | None = None
    stars: float
    rated_at: datetime
    source: str
    change_id: int


class RatingPageOut(ResponseModel):
    """Ratings, the newest first."""

    items: list[RatingOut]
    next: str | None


class MarkOut(ResponseModel):
    """What is said of a movie."""

    at: datetime
    source: str
    stars: float | None


class ChangeOut(ResponseModel):
    """One change, which can be taken back by its number."""

    id: int
    kind: Literal["rating", "watchlist", "not_interested", "excluded", "seen"]
    movie_id: MovieId
    before: MarkOut | None
    after: MarkOut | None
    source: str
    changed_at: datetime
    undoes_id: int | None


class ChangedOut(ResponseModel):
    """What a write changed; null if it was so already."""

    change: ChangeOut | None


class ChangePageOut(ResponseModel):
    """Changes, the newest first."""

    items: list[ChangeOut]
    next: str | None


class EntryOut(ResponseModel):
    """A movie on one of your lists."""

    movie_id: MovieId
    title: str | None = None
    year: int | None = None
    added_at: datetime
    source: str
    change_id: int


class EntryPageOut(ResponseModel):
    """A list of yours, the newest first."""

    items: list[EntryOut]
    next: str | None


class NightShareOut(ResponseModel):
    """What a movie is to one guest."""

    name: str
    satisfaction: float
    first_choice_satisfaction: float
    choice: int
    own_rank: int
    predicted_rating: float | None
    seen: bool
    reasons: list[str]


class NightMovieOut(MovieOut):
    """A movie proposed for the night, with the compromise in a sentence."""

    sentence: str
    people: list[NightShareOut]


class NightOut(ResponseModel):
    """A movie night."""

    strategy: str
    candidates: int
    unknown: list[str]
    movies: list[NightMovieOut]


class ModelOut(ResponseModel):
    """The run that answers."""

    model: str = Field(examples=["blend"])
    fingerprint: str
    trained: str
    movies: int
    predicts_stars: bool
    places_new_movies: bool
    also_liked: bool
    why_no_also_liked: str
    newer: bool = Field(description="Whether the folder holds a newer run than the one loaded.")
    settings: dict[str, Any]
    metrics: dict[str, Any] | None


class StatusOut(ResponseModel):
    """Whether all is well."""

    status: str = Field(examples=["ready"])
    model: str | None = None
