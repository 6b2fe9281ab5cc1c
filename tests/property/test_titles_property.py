"""Keys of titles are stable whatever the title."""

from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.ads.titles import normalise_title, place_keys

PLACES = place_keys(["Utrecht", "Amsterdam", "Den Haag", "Ede", "Best"])
PARTS = st.sampled_from(
    (
        *(
            "Senior",
            "monteur",
            "(m/v)",
            "m/v/x",
            "|",
            "-",
            "–",
            "/",
            "in",
            "te",
            "Utrecht",
            "Den Haag",
            "bij",
            "@",
            "ACME",
        ),
        *(".NET", "C#", "32-40", "uur", "0,8 fte", "€ 3.000", "per maand", "gezocht", "vacature", "(", ")", "II", ","),
        *(":", "nr", "12345", "Best", "en", "&"),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=9).map(" ".join)))
def test_key_of_a_key_is_the_key(title: str) -> None:
    key = normalise_title(title, PLACES)
    assert normalise_title(key, PLACES) == key
    assert key == key.strip() == key.lower()
