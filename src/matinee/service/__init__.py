"""HTTP outside, calls inward: routes are short, and hold no SQL and no tensors."""
