from .placeholder_poster import draw_poster as draw_poster
