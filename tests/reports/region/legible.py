"""Whether the texts of a picture can be read: apart from each other, and inside it."""

import re
import xml.etree.ElementTree as ET

HALF_LINE = 5  # pixels above and below the middle of a text of 13 pixels
LETTER = 0.5  # width of one in Arial, of the size of the text, on average


def _texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, right and middle height of every upright text of a picture, in its pixels."""
    found = []

    def walk(element, x, y):
        placed = element.get("transform", "")
        for a, b in re.findall(r"translate\(([-\d.]+),([-\d.]+)\)", placed):
            x, y = x + float(a), y + float(b)
        tag = element.tag.rpartition("}")[2]
        if tag == "text" and "rotate" not in placed and element.get("opacity") != "0":
            spans = list(element) or [element]
            size = float(element.get("font-size").removesuffix("px"))
            row = 0.0
            for span in spans:
                row += float(span.get("dy", 0))
                words = "".join(span.itertext())
                wide = len(words) * size * LETTER
                left = {"end": x - wide, "middle": x - wide / 2}.get(element.get("text-anchor"), x)
                found.append((left, left + wide, y + row, words))
            return
        for child in element:
            walk(child, x, y)

    walk(ET.fromstring(svg), 0.0, 0.0)  # noqa: S314  our own drawing
    return [t for t in found if t[3].strip()]


def assert_legible(svg: str) -> None:
    """No two texts overlap, and none is cut at the picture's edge."""
    wide, high = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups())
    texts = _texts(svg)
    assert texts
    for left, right, middle, words in texts:
        assert left > -0.12 * (right - left) - HALF_LINE, words
        assert right < wide + 3 * HALF_LINE, words
        assert 0 <= middle <= high, words
    for n, one in enumerate(texts):
        for other in texts[n + 1 :]:
            apart = one[1] <= other[0] + 3 or other[1] <= one[0] + 3
            assert apart or abs(one[2] - other[2]) >= 2 * HALF_LINE, (one, other)
