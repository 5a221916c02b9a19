from .app import create_app as create_app
from .settings import Settings as Settings, read_settings as read_settings
