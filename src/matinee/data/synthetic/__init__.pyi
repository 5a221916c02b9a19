from .size import Size as Size
from .world import World as World
from .writing import load_world as load_world, write_movielens as write_movielens
