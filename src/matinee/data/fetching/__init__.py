"""Getting data sets onto this machine."""
