"""The page: opens from disk, calls nobody, can be read aloud, and holds nothing by accident."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.reports.region import page as page_module
from pipeline.reports.region.charts.picture import contrast
from pipeline.reports.region.page import Page, Section, Standing, inline_svg, render
from tests.reports.region import made_up
from tests.reports.region.every_picture import every_picture

VOID = {"meta", "link", "img", "br", "hr", "input"}
NEVER = {"script", "link", "img", "iframe", "object", "embed", "form", "image", "foreignobject"}


class Reader(HTMLParser):
    """Elements with their attributes, open parents, and text, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.text: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self._open)))

    def handle_endtag(self, tag):
        assert self._open[-1] == tag, (self._open, tag)
        self._open.pop()

    def handle_data(self, data):
        self.text.append((tuple(self._open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


def _page(names: tuple[str, ...], is_synthetic: bool = True) -> Page:
    pictures = tuple(every_picture(names).values())
    standings = [Standing(n, "fit") for n in names[:-1]]
    standings.append(Standing(names[-1], "not fit", "3 of its 4 tables"))
    sections = tuple(
        Section(
            title,
            "Which question?",
            "April 2025 to March 2026",
            some,
            tuple(standings),
            ("Mind.",),
        )
        for title, some in (("First", pictures[:5]), ("Second", pictures[5:]))
    )
    return Page(
        f"Homes for children: {names[0]}",
        f"For {names[0]}.",
        is_synthetic,
        names,
        "April 2025 to March 2026",
        "1 April 2026",
        "0.1.0",
        sections,
        ("Read it so.",),
    )


@pytest.fixture(scope="module")
def html():
    return render(_page(made_up.areas(5)))


@pytest.fixture(scope="module")
def nasty():
    return render(_page(made_up.NASTY))


def test_it_is_one_file_that_calls_nobody(html, nasty):
    for made in (html, nasty):
        read = Reader(made)
        assert not {tag for tag, _, _ in read.elements} & NEVER
        for tag, attributes, _ in read.elements:
            for name, value in attributes.items():
                assert not name.startswith("on"), (tag, name)
                assert name not in {"src", "srcset", "data", "action", "xlink:href"}, (tag, name)
                if name == "href":
                    assert value.startswith("#")
                assert "//" not in (value or ""), (tag, name, value)
        styles = "".join(t for parents, t in read.text if parents[-1:] == ("style",))
        assert not re.search(r"@import|url\(", styles)
        policy = next(m["content"] for m in read.all("meta") if "http-equiv" in m)
        assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_nasty_names_stay_text(html, nasty):
    read = Reader(nasty)
    seen = "".join(text for _, text in read.text)
    for name in ("<script>alert('x')</script>", '"><img src=', "{{ 7 * 7 }} {% raw %}"):
        assert name in seen
    assert {tag for tag, _, _ in read.elements} == {tag for tag, _, _ in Reader(html).elements}
    assert "\x00" not in nasty
    assert "\u202e" not in nasty
    assert "\u200b" not in nasty


def test_every_picture_is_named_described_and_has_its_table(html):
    read = Reader(html)
    ids = [a["id"] for _, a, _ in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    pictures = read.all("svg")
    assert len(pictures) == len(every_picture(made_up.areas(2)))
    assert len(read.all("table")) == len(read.all("details")) == len(pictures)
    for svg in pictures:
        assert svg["role"] == "img"
        assert {svg["aria-labelledby"], svg["aria-describedby"]} <= set(ids)
        said = re.search(rf'<p id="{svg["aria-describedby"]}">([^<]+)</p>', html)
        assert len(said[1]) > 40
    for name, attributes, parents in read.elements:
        if "svg" in parents:
            assert not {"role", "aria-label", "tabindex", "href"} & set(attributes), name
            for value in attributes.values():
                for used in re.findall(r"url\(#([^)]+)\)", value or ""):
                    assert used in ids
        for reference in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(reference, ids[0]) in ids
        if name == "a":
            assert attributes["href"].removeprefix("#") in ids
    assert all("scope" in th for th in read.all("th"))


def test_headings_come_in_order_and_the_language_is_told(html):
    read = Reader(html)
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert read.all("html")[0]["lang"] == "en-GB"
    assert html.index('class="skip"') < html.index("<header>")
    # What scrolls can be reached and scrolled with the keyboard, and says what it is.
    for attributes in read.all("div"):
        if attributes.get("class") in {"picture", "wide"}:
            assert attributes["tabindex"] == "0"
            assert attributes["aria-label"]


def test_every_section_names_its_standing_period_and_that_it_is_synthetic(html):
    for section in re.findall(r'<section class="answers".*?</section>', html, re.S)[:2]:
        assert "Synthetic: nobody in it exists." in section
        assert "Period: April 2025 to March 2026." in section
        assert "not fit" in section
        assert "3 of its 4 tables" in section
    real = render(_page(made_up.areas(2), is_synthetic=False))
    assert "ynthetic" not in real.replace(".synthetic", "")


def test_colours_of_the_page_can_be_read():
    css = Path(page_module.__file__).with_name("page.css").read_text(encoding="utf-8")
    rules = {
        selector.strip(): dict(re.findall(r"(color|background): (#[0-9a-f]{6})", body))
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    }
    papers = {"#ffffff", rules[".standing"]["background"], rules["thead th"]["background"]}
    inks = [r["color"] for r in rules.values() if "color" in r and "background" not in r]
    inks.remove("#ffffff")  # of the standings, upon their own colours
    for ink in inks:
        assert all(contrast(ink, paper) >= 4.5 for paper in papers), ink
    for level in (".fit", ".use-with-care", ".not-fit", ".nothing-received"):
        assert contrast("#ffffff", rules[level]["background"]) >= 4.5
    marked = rules[".synthetic"]
    assert contrast(marked["color"], marked["background"]) >= 4.5


@pytest.mark.parametrize(
    "inside",
    [
        '<image width="1" xlink:href="x.png"/>',
        '<a href="https://example.org">x</a>',
        "<script>x</script>",
        '<rect fill="url(https://example.org/x)"/>',
    ],
)
def test_a_picture_that_would_load_something_is_refused(inside):
    with pytest.raises(ValueError, match="would load something"):
        inline_svg(f'<svg class="marks" width="10" height="10">{inside}</svg>', "p")
