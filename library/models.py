"""Material of an organisation: source documents, themes, house style."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower

from accounts.models import Organisation

FIRST_YEAR, LAST_YEAR = 1990, 2100


class SourceDocument(models.Model):
    """A document that goals refer to, such as the adopted budget; stored here, elsewhere, or on paper only."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="documents")
    title = models.CharField("titel", max_length=200)
    year = models.PositiveSmallIntegerField(
        "jaar", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    file = models.FileField("bestand (pdf)", upload_to="documents/", blank=True)
    address = models.URLField("webadres", blank=True)

    class Meta:
        ordering: ClassVar = ["-year", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation",
                Lower("title"),
                "year",
                name="document_once",
                violation_error_message="Dit document staat al in de lijst.",
            ),
            models.CheckConstraint(
                condition=models.Q(file="") | models.Q(address=""),
                name="document_one_place",
                violation_error_message="Kies een bestand of een webadres, niet allebei.",
            ),
        ]

    def __str__(self) -> str:
        return self.title if str(self.year) in self.title else f"{self.title} {self.year}"


class Theme(models.Model):
    """A theme under which teams tell what they achieved, with the organisation's own heading for it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="themes")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("thema", max_length=80)
    heading = models.CharField("kop in het rapport", max_length=200)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation", Lower("name"), name="theme_once", violation_error_message="Dit thema bestaat al."
            )
        ]

    def __str__(self) -> str:
        return self.name


class Font(models.TextChoices):
    SERIF = "source-serif", "Source Serif (klassiek)"
    SANS = "source-sans", "Source Sans (zakelijk)"


class HouseStyle(models.Model):
    """How an organisation's screens and PDF look."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="house_style")
    accent = models.CharField(
        "accentkleur",
        max_length=7,
        default="#154273",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Geef de kleur als # met zes cijfers of letters a tot f.")],
    )
    font = models.CharField("lettertype van de tekst", max_length=20, choices=Font, default=Font.SERIF)
    logo = models.FileField("logo (png of jpeg)", upload_to="logos/", blank=True)

    def __str__(self) -> str:
        return f"huisstijl {self.organisation}"
