"""What holds for every test: how long an example takes is a matter for `benchmarks/`, not for a test."""

from hypothesis import settings

settings.register_profile("cerco", deadline=None)
settings.load_profile("cerco")
