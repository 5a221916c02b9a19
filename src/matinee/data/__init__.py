"""Files in, one `Dataset` out. No tensors, no SQL."""
