"""One page: its text, its parts, its model, and the way back."""
