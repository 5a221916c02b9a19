"""One list for several guests."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.pipeline.group.guests import Guest, GuestSatisfaction
    from matinee.pipeline.group.movie_night import Night, NightMovie, plan_night

__all__ = [
    "Guest",
    "GuestSatisfaction",
    "Night",
    "NightMovie",
    "plan_night",
]

_MODULES = {
    "Guest": "matinee.pipeline.group.guests",
    "GuestSatisfaction": "matinee.pipeline.group.guests",
    "Night": "matinee.pipeline.group.movie_night",
    "NightMovie": "matinee.pipeline.group.movie_night",
    "plan_night": "matinee.pipeline.group.movie_night",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
