"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB in one pass and one lane, the first of the settings that OWASP gives as equally strong.

    Django's own (100 MiB, two passes, eight lanes) takes four times the processor time: 350 people who log in within a
    minute would keep a whole core busy.
    """

    time_cost = 1
    memory_cost = 47104
    parallelism = 1
