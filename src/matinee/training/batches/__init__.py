"""Iterators that turn ratings into batches for training."""
