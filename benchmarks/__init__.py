"""Benchmarks of newsarchive: archives of any size, and newsarchive beside its peers on them."""
