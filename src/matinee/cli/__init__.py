"""Text in a terminal: parse, call one public function, print."""
