"""View models: what the templates of a page are given."""
