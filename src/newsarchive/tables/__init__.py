"""An archive as tables: their schema, their rows, the formats that they are written in."""
