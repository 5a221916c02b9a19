"""Addresses, grouped by what they are about; each calls one function and returns what it gives."""
