"""Reading files of many formats as one checked `Dataset`, and writing a dataset as a plain folder."""
