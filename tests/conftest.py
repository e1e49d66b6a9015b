"""Settings of all tests."""

from hypothesis import settings

from stores import new_url, postgresql, store, url  # noqa: F401  fixtures: a store on each database in turn

# A machine that does something else as well must not fail a property: no deadline for one example.
settings.register_profile("tarazu", deadline=None)
settings.load_profile("tarazu")
