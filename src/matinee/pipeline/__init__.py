"""One request in, an explained list out. No SQL, HTTP or training."""
