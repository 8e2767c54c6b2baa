"""Runs over whole archives: the engine, its workers and what is kept between runs."""
