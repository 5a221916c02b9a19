"""The JSON API under /api/v1. The app includes the `router` of each module."""
