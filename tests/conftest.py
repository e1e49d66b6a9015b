"""Settings of all tests."""

from hypothesis import settings

# A machine that does something else as well must not fail a property: no deadline for one example.
settings.register_profile("tarazu", deadline=None)
settings.load_profile("tarazu")
