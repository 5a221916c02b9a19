"""Response schemas of `/api/v1`. Movies are named by their outside ids, as text. Times are in UTC."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

MovieId = Annotated[str, BeforeValidator(str)]  # an integer or a text in the catalogue


class ResponseModel(BaseModel):
    """The base of responses, which can be built from objects of the pipeline and the store."""

    model_config = ConfigDict(from_attributes=True)


class MovieOut(ResponseModel):
    """The id, title and year of a movie."""

    movie_id: MovieId = Field(examples=["318"])
    title: str = Field(examples=["The Shawshank Redemption"])
    year: int | None = Field(examples=[1994])


class MovieDetailsOut(MovieOut):
    """A movie with all its facts in the catalogue."""

    genres: list[str] = Field(examples=[["Drama"]])
    rating_count: int = Field(description="The number of ratings in the training data.", examples=[2227])
    facts: dict[str, Any] = Field(examples=[{"director": ["Frank Darabont"], "runtime": 142}])


class MoviePageOut(ResponseModel):
    """A page of the catalogue, the most-rated movie first."""

    items: list[MovieDetailsOut]
    next: str | None


class SearchResultsOut(ResponseModel):
    """The results of a search, best match first."""

    query: str
    items: list[MovieOut]


class RecommendationOut(MovieOut):
    """One movie of a list of recommendations."""

    score: float = Field(description="In units of the model. Only the order has a meaning.", examples=[3.2])
    predicted_rating: float | None = Field(examples=[4.31])
    reasons: list[str] = Field(examples=[["because you liked Heat (5 stars)"]])
    sources: dict[str, int] = Field(
        description="The movie's rank in each source.", examples=[{"ranking": 1, "taste": 3}]
    )


class ListOut(ResponseModel):
    """A list of recommendations, with its model and data."""

    list_id: str = Field(examples=["l-3f0c9d1e"])
    model: str = Field(examples=["blend"])
    fingerprint: str = Field(description="Of the training data.")
    n_ratings: int = Field(description="The number of your ratings that the list is based on.", examples=[37])
    items: list[RecommendationOut]


class ImpressionOut(ResponseModel):
    """One event of a list: a movie shown, clicked, rated or unrated."""

    kind: str
    movie_id: str | None
    rank: int | None
    at: datetime
    detail: dict[str, Any] | None


class ImpressionListOut(ResponseModel):
    """A list as it was shown, with the events that followed."""

    list_id: str
    model: str | None
    fingerprint: str | None
    events: list[ImpressionOut]


class SupporterOut(ResponseModel):
    """A movie you rated that raises the rank of another one."""

    movie_id: MovieId
    title: str
    rating: float | None
    share: float
    rank_without: int | None


class DetractorOut(ResponseModel):
    """A movie you disliked that lowers the rank of another one."""

    movie_id: MovieId
    title: str
    rating: float | None
    factor: float


class ExplanationOut(MovieOut):
    """The explanation of a movie's rank for you."""

    rank: int | None
    n_candidates: int
    predicted_rating: float | None
    supporters: list[SupporterOut]
    detractors: list[DetractorOut]
    reasons: list[str]
    counterfactual: str = Field(examples=["without your 5 for Heat it would fall from 1 to 4"])


class SimilarMovieOut(MovieOut):
    """A movie similar to another one."""

    similarity: float
    shared_genres: list[str]
    genre_overlap: float


class SimilarOut(ResponseModel):
    """Similar movies, the most similar first."""

    to: MovieOut
    by: str | None
    items: list[SimilarMovieOut]


class AlsoLikedMovieOut(MovieOut):
    """A movie that fans of another one like more often than other users do."""

    liked_by: int
    fans: int
    share: float


class AlsoLikedOut(ResponseModel):
    """Movies that users who liked this one also liked."""

    of: MovieOut
    items: list[AlsoLikedMovieOut]


class RatingOut(ResponseModel):
    """A current rating. Title and year are missing if the catalogue lacks the movie."""

    movie_id: MovieId
    title: str | None = None
    year: int | None = None
    rating: float
    rated_at: datetime
    source: str
    change_id: int


class RatingPageOut(ResponseModel):
    """A page of ratings, newest first."""

    items: list[RatingOut]
    next: str | None


class MarkOut(ResponseModel):
    """A mark: a rating or list entry."""

    at: datetime
    source: str
    rating: float | None


class ChangeOut(ResponseModel):
    """One change. Its id can be used to undo it."""

    id: int
    kind: Literal["rating", "watchlist", "not_interested", "excluded", "seen"]
    movie_id: MovieId
    before: MarkOut | None
    after: MarkOut | None
    source: str
    changed_at: datetime
    undoes_id: int | None


class ChangeResultOut(ResponseModel):
    """The change that a write made; null if it changed nothing."""

    change: ChangeOut | None


class ChangePageOut(ResponseModel):
    """A page of changes, newest first."""

    items: list[ChangeOut]
    next: str | None


class ListEntryOut(ResponseModel):
    """A movie on one of your lists."""

    movie_id: MovieId
    title: str | None = None
    year: int | None = None
    added_at: datetime
    source: str
    change_id: int


class ListEntryPageOut(ResponseModel):
    """A page of one of your lists, newest first."""

    items: list[ListEntryOut]
    next: str | None


class GuestSatisfactionOut(ResponseModel):
    """The satisfaction of one guest with a movie."""

    name: str
    satisfaction: float
    first_choice_satisfaction: float
    choice: int
    own_rank: int
    predicted_rating: float | None
    seen: bool
    reasons: list[str]


class NightMovieOut(MovieOut):
    """A proposed movie, with a sentence on the compromise."""

    sentence: str
    guests: list[GuestSatisfactionOut]


class NightOut(ResponseModel):
    """A movie night."""

    strategy: str
    candidates: int
    unknown_guests: list[str]
    movies: list[NightMovieOut]


class ModelOut(ResponseModel):
    """The current run."""

    model: str = Field(examples=["blend"])
    fingerprint: str
    trained: str
    n_movies: int
    predicts_ratings: bool
    scores_new_movies: bool
    also_liked: bool
    also_liked_unavailable: str
    newer_available: bool = Field(description="True if the folder has a newer run than the loaded one.")
    settings: dict[str, Any]
    metrics: dict[str, Any] | None


class StatusOut(ResponseModel):
    """The result of an action, or the state of the app."""

    status: str = Field(examples=["ready"])
    model: str | None = None
