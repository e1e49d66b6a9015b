"""The clockwork: what has to happen by itself, each job once at a time, however many servers share a store."""
