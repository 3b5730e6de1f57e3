import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from accounts.roles import Role
from publishing.covers import cover
from publishing.models import Edition
from publishing.pictures import NoPicture
from tests import builders
from tests.uploads import PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    made = Edition.objects.create(
        report=builders.report(builders.organisation()),
        number=1,
        content={},
        content_hash="1",
        requested_by=builders.person("Dirk", builders.organisation("Elders", "elders")),
        sha256="ab" * 32,
    )
    made.file.save("editie.pdf", ContentFile(PAGE))
    return made


def kept(settings: Settings) -> Path:
    return Path(settings.MEDIA_ROOT) / "covers" / f"{'ab' * 32}.png"


def test_the_first_page_is_drawn_once_and_kept(edition: Edition, settings: Settings) -> None:
    picture = cover(edition)
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.size) == ("PNG", (320, 453))
    assert kept(settings).read_bytes() == picture
    Path(edition.file.path).unlink()
    assert cover(edition) == picture


def test_a_picture_that_was_taken_away_is_drawn_again(edition: Edition, settings: Settings) -> None:
    picture = cover(edition)
    kept(settings).unlink()
    assert cover(edition) == picture
    assert kept(settings).exists()


def test_without_room_it_is_still_shown(edition: Edition, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    Path(settings.MEDIA_ROOT, "covers").write_text("a file where the folder should be")
    assert cover(edition).startswith(b"\x89PNG")
    assert "no room for covers/" in caplog.text


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"])
def test_what_cannot_be_drawn_has_no_picture(edition: Edition, body: bytes, client: Client) -> None:
    Path(edition.file.path).write_bytes(body)
    with pytest.raises(NoPicture):
        cover(edition)
    client.force_login(builders.person("Anna", edition.report.organisation, Role.AUDITOR))
    assert client.get(f"/duoplus/edities/{edition.pk}/omslag/").status_code == 404


def test_it_stays_in_no_cache(edition: Edition, client: Client) -> None:
    client.force_login(builders.person("Anna", edition.report.organisation, Role.AUDITOR))
    answer = client.get(f"/duoplus/edities/{edition.pk}/omslag/")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store")
