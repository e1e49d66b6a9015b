"""Casework on invented and pseudonymised posts: what the demo shows."""
