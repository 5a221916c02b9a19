from .explanation import (
    Detractor as Detractor,
    Explanation as Explanation,
    Supporter as Supporter,
    explain_movie as explain_movie,
)
from .rating_confidence import RatingConfidence as RatingConfidence
from .reasons import Reason as Reason
