"""Film diaries people bring from Letterboxd, IMDb, Trakt or a list of their own, as a history over a catalogue."""
