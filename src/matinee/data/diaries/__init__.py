"""Movie diaries exported from other sites, or lists that users keep, as a history over a catalogue."""
