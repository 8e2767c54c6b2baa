"""Coverage-guided fuzzing: see README.md beside this file."""
