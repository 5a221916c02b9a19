from .guests import Guest as Guest, GuestSatisfaction as GuestSatisfaction
from .movie_night import Night as Night, NightMovie as NightMovie, plan_night as plan_night
