"""Argon2 as in production, but quick: most tests make people, and few are about passwords."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with the least work it allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
