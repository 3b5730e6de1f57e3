import pytest
from django import forms
from django.core.exceptions import ValidationError

from library.fields import LONGEST, RichTextField
from tests.hostile import TOWER


class Letter(forms.Form):
    text = RichTextField(label="Tekst", help_text="Schrijf kort.")
    note = RichTextField(label="Noot", required=False, small=True)


def test_the_text_is_cleaned() -> None:
    form = Letter({"text": "<b>Hallo</b><script>x</script>", "note": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "<p><strong>Hallo</strong></p>", "note": ""}


def test_what_a_reader_would_not_see_is_empty() -> None:
    assert Letter({"text": "<p> <br></p>"}).errors == {"text": ["Dit veld is verplicht."]}


def test_too_deep_is_said_at_the_field() -> None:
    with pytest.raises(ValidationError) as error:
        RichTextField().clean(TOWER)
    assert error.value.messages == ["De tekst bevat lijsten of tabellen die meer dan 20 niveaus diep in elkaar zitten."]


def test_too_long_is_said_at_the_field() -> None:
    with pytest.raises(ValidationError) as error:
        RichTextField().clean("x" * (LONGEST + 1))
    assert error.value.messages == ["Deze tekst is te lang. Verdeel hem over meer onderdelen."]
    assert RichTextField().clean("x" * LONGEST) == f"<p>{'x' * LONGEST}</p>"


def test_markup_that_goes_is_no_change() -> None:
    field = RichTextField()
    assert not field.has_changed("<p>a</p>", "<p style='x'>a</p>\r\n")
    assert field.has_changed("<p>a</p>", "<p>b</p>")
    assert field.has_changed(None, "a")
    assert not field.has_changed(None, "")
    assert field.has_changed("<p>a</p>", TOWER)
    assert field.has_changed(TOWER, "<p>a</p>")


def test_the_widget_is_a_text_area_with_all_that_the_editor_asks() -> None:
    html = Letter({"text": "<p>a & b</p>" + TOWER})["text"].as_widget()
    assert html.startswith('<div class="editor editor--full"')
    assert 'data-icons="/static/icons/icons.svg"' in html
    assert 'data-schemes="http https mailto"' in html
    assert 'data-languages="en:Engels de:Duits fr:Frans fy:Fries la:Latijn"' in html
    assert 'data-rich-text="full"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert "&lt;p&gt;a &amp; b&lt;/p&gt;" in html
    assert "required" not in html
    assert "maxlength" not in html


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<p>a</p><script>alert(1)</script>", "&lt;p&gt;a&lt;/p&gt;"),
        ("<div>b</div>", "&lt;p&gt;b&lt;/p&gt;"),
        (TOWER, "&lt;ul&gt;&lt;li&gt;" * 200 + "diep"),
        ("y" * (LONGEST + 1), "y" * (LONGEST + 1)),
    ],
)
def test_what_was_typed_is_shown_again_cleaned_where_that_can_be(typed: str, shown: str) -> None:
    html = Letter({"text": typed, "note": ""})["text"].as_widget()
    assert shown in html
    assert "alert" not in html


def test_a_small_editor_says_so() -> None:
    html = Letter()["note"].as_widget()
    assert '<div class="editor editor--small"' in html
    assert 'data-rich-text="small"' in html
    assert 'rows="4"' in html
