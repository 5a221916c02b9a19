"""How weights change. Names no model."""
