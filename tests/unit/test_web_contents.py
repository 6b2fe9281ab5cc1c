"""The list of headings of a long page."""

from __future__ import annotations

from markupsafe import Markup

from overstap.web.contents import LEAST, with_contents

PAGE = '<h1>Page</h1>\n<p class="lead">About.</p>'


def _page(headings: int) -> Markup:
    return Markup(PAGE + "".join(f"<h2>Part <em>{n}</em></h2>" for n in range(headings)))


def test_every_heading_is_led_to_below_the_title() -> None:
    page = with_contents(_page(LEAST), "Contents")
    assert page.index("About.") < page.index('aria-label="Contents"') < page.index("<h2")
    for n in range(LEAST):
        assert f'<a href="#part-{n + 1}">Part {n}</a>' in page and f'<h2 id="part-{n + 1}">' in page


def test_a_heading_keeps_its_id_and_a_list_of_its_own_stands() -> None:
    kept = with_contents(Markup(str(_page(LEAST)) + '<h2 id="h-own">Own</h2>'), "Contents")
    assert '<a href="#h-own">Own</a>' in kept and kept.count("h-own") == 2
    listed = Markup('<nav class="contents"></nav>') + _page(LEAST)
    assert with_contents(listed, "Contents") == listed


def test_a_short_page_needs_no_list() -> None:
    assert with_contents(_page(LEAST - 1), "Contents") == _page(LEAST - 1)
