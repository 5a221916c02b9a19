"""What holds for all tests."""

from hypothesis import settings

# No deadline: a busy machine is no fault. The examples are few enough to be tried at every change.
settings.register_profile("everyday", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("everyday")
