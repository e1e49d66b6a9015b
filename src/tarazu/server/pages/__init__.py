"""Pages, one file each with a `router`; a file that lies here is served."""
