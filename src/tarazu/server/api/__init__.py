"""Calls for programs, one file an area with a `router`; a file that lies here is served."""
