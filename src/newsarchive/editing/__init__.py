"""Changes of an archive: fixes, repairs, moves."""
