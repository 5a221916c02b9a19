"""The pages: server-rendered, alive with htmx, readable without it."""
