"""Password hashing at a cost that one login can afford and a thief cannot."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id, t=2, m=46 MiB, p=1: about 105 ms, at the floor of ASVS 5.0 §11.4.2."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1
