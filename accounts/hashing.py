"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB in two passes and one lane, the quickest here of the settings OWASP calls equally strong.

    46 MiB in one pass takes more than twice the processor time and Django's own (100 MiB, two passes, eight lanes) nine
    times: 350 people who log in within a minute would keep a core busy with hashing.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
