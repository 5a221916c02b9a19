"""One list for several people."""
