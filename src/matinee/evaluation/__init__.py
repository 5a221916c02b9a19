"""How good it was. No fitting beyond calling a model's own `fit`."""
