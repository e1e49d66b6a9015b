"""The console and the API over HTTP: who asks, may they, and what they see. What happens is decided in `cases`."""
