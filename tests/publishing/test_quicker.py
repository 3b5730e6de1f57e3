"""The bridge to C gives the same memory, and parses no name of a type for each length."""

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi

from publishing import pdf
from publishing.quicker import _AnyLength, hurry
from tests.publishing.printing import quiet


def test_values_of_any_length_have_one_type() -> None:
    bridge = _AnyLength(ffi)
    assert list(bridge.new("unsigned int[3]", [4, 5, 6])) == [4, 5, 6]
    assert list(bridge.new("unsigned int[2]", (7, 8))) == [7, 8]
    assert not {"unsigned int[2]", "unsigned int[3]"} & set(ffi._parsed_types)


def test_memory_without_values_is_as_long_as_it_says() -> None:
    assert len(_AnyLength(ffi).new("char[4]")) == 4


def test_fonts_are_embedded_by_way_of_it_and_it_is_put_there_once() -> None:
    pdf.render('<html lang="nl"><title>x</title><p>Een zin.', "", "key", {}, quiet)
    hurry()
    assert isinstance(fonts.ffi, _AnyLength)
    assert fonts.ffi._ffi is ffi
