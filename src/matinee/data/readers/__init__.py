"""Files of many formats in, one checked `Dataset` out; and a dataset written as a plain folder."""
