"""Organisations, teams, people and the log."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .roles import Role

# First parts of addresses that lie beside those of organisations.
RESERVED_SLUGS = frozenset({"account", "healthz", "readyz", "static"})


class UserManager(BaseUserManager["User"]):
    """Makes users; `create_user` hashes the password with the first configured hasher."""

    def create_user(self, email: str, password: str | None = None, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person, known by e-mail address; what the person may do stands in memberships."""

    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_active = models.BooleanField("actief", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Organisation(models.Model):
    """A public body that reports. Rows of one organisation are never shown to another."""

    name = models.CharField("naam", max_length=200)
    short_name = models.CharField("korte naam", max_length=40)
    slug = models.SlugField("adres", unique=True)
    two_factor_required = models.BooleanField("tweestapsverificatie verplicht", default=False)

    def __str__(self) -> str:
        return self.short_name


class Team(models.Model):
    """A unit that writes its own part of a report and owns lines of figures."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="teams")
    name = models.CharField("naam", max_length=120)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation", Lower("name"), name="team_name_once", violation_error_message="Dit team bestaat al."
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of a person in an organisation; several rows make several roles."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField("rol", max_length=20, choices=Role)
    teams = models.ManyToManyField(Team, blank=True, related_name="leads", help_text="Alleen bij teamleider.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Result(models.TextChoices):
    """How it ended, for whoever reads the log."""

    DONE = "done", "gelukt"
    REFUSED = "refused", "geweigerd"
    CONFLICT = "conflict", "iemand was eerder"
    FAILED = "failed", "mislukt"


class LogEntry(models.Model):
    """Who did what, on what, when, from where, with what result. Rows are only added (see `append_only`).

    `data` holds ids, states and amounts; never narrative, tokens or passwords.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="log", null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=10, choices=Result, default=Result.DONE)
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class LogSeal(models.Model):
    """Closes one entry: its place in the chain of its organisation and a hash that covers the seal before it.

    `chain` is the id of the organisation, 0 for entries without one. Seals are made after the entries, by `sealing`,
    so that whoever writes an entry waits for nobody; rows are only added.
    """

    entry = models.OneToOneField(LogEntry, models.PROTECT, primary_key=True, related_name="seal")
    chain = models.PositiveBigIntegerField()
    position = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "position"], name="log_position_once")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.position}:{self.hash}"
