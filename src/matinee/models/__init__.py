"""Things that score movies. No data reading, training loops, top-k, SQL or HTTP."""
