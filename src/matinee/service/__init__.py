"""The JSON API and the web app. Routes are short: no SQL and no tensors."""
