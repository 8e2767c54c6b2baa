"""What a check finds, as plain values."""
