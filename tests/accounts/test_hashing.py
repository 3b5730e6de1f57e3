from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.hashing import Argon2


def test_hash_says_with_which_settings_it_was_made() -> None:
    hasher = Argon2()
    encoded = hasher.encode("een heel goed wachtwoord", hasher.salt())
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hasher.verify("een heel goed wachtwoord", encoded)
    assert not hasher.verify("een heel goed wachtwoor", encoded)
    assert not hasher.must_update(encoded)


def test_older_settings_are_replaced_at_the_next_login() -> None:
    older = Argon2PasswordHasher()
    assert Argon2().must_update(older.encode("een heel goed wachtwoord", older.salt()))
