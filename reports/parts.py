"""A long page in parts that a browser prints one after another: printing all of it at once takes gigabytes.

Pure. A part is a page of its own with the same style; a table that goes on has its head again, and a section its
heading with （续）.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import lxml.html
from lxml.html import HtmlElement

MOST_ELEMENTS = 25_000
"""A page of so many is printed at once. A whole report of one platform has about 18,000."""
PART_ELEMENTS = 5_000
"""Elements of each part of a longer one: some 100 MB of a browser."""
PICTURE = 20
"""Elements that a picture counts for: unpacked, it takes a browser as much memory."""
OPENED = ("section", "table", "tbody", "div", "dl", "ol", "ul")
"""What may be divided between its children."""
REPEATED = ("thead", "colgroup")
HEADINGS = ("h2", "h3")
CONTINUED = "（续 continued）"


@dataclass
class _Part:
    body: HtmlElement
    elements: int = 0
    open: list[tuple[HtmlElement, HtmlElement]] = field(default_factory=list)
    """What is being divided, and its copy in this part; outermost first."""


def split(page: str, most: int = MOST_ELEMENTS, each: int = PART_ELEMENTS) -> list[str]:
    """The page in parts of about `each` elements; one part, unchanged, where it has `most` of them or less."""
    document = cast(HtmlElement, lxml.html.document_fromstring(page))
    body = document.body
    if _size(body) <= most:
        return [page]
    parts: list[_Part] = []
    headings: dict[str, HtmlElement] = {}
    for path, atom in _atoms(body, (), each):
        size = _size(atom)
        if not parts or parts[-1].elements + size > each:
            parts.append(_Part(_shell(body)))
            _continue(parts[-1], headings, atom)
        _put(parts[-1], path, atom, size)
        if atom.tag in HEADINGS:
            headings = {tag: element for tag, element in headings.items() if tag < atom.tag} | {str(atom.tag): atom}
    return [_page(document, part.body, first=part is parts[0]) for part in parts]


def _size(element: HtmlElement) -> int:
    return sum(PICTURE if child.tag == "img" else 1 for child in element.iter())


def _atoms(
    element: HtmlElement, path: tuple[HtmlElement, ...], each: int
) -> Iterator[tuple[tuple[HtmlElement, ...], HtmlElement]]:
    """What is kept in one piece, in order, each with the elements around it that are divided."""
    for child in element:
        if child.tag in REPEATED:
            continue  # comes again with each copy of its table
        if child.tag in OPENED and _size(child) > each // 10:
            yield from _atoms(child, (*path, child), each)
        else:
            yield path, child


def _shell(element: HtmlElement) -> HtmlElement:
    """The element without its content, but with what belongs to each piece of it."""
    made = element.makeelement(element.tag, dict(element.attrib))
    made.text = element.text
    for child in element:
        if child.tag in REPEATED:
            made.append(copy.deepcopy(child))
    return made


def _continue(part: _Part, headings: dict[str, HtmlElement], following: HtmlElement) -> None:
    """The headings under which the part goes on, unless it begins with one of the same rank."""
    for tag in HEADINGS:
        if tag not in headings or tag == following.tag:
            return
        again = copy.deepcopy(headings[tag])
        for name in ("id", "class"):
            again.attrib.pop(name, None)
        again.tail = None
        again.append(again.makeelement("span"))
        again[-1].text = CONTINUED
        part.body.append(again)


def _put(part: _Part, path: tuple[HtmlElement, ...], atom: HtmlElement, size: int) -> None:
    same = 0
    while same < min(len(path), len(part.open)) and part.open[same][0] is path[same]:
        same += 1
    del part.open[same:]
    for around in path[same:]:
        made = _shell(around)
        (part.open[-1][1] if part.open else part.body).append(made)
        part.open.append((around, made))
    (part.open[-1][1] if part.open else part.body).append(copy.deepcopy(atom))
    part.elements += size


def _page(document: HtmlElement, body: HtmlElement, *, first: bool) -> str:
    whole = document.makeelement("html", dict(document.attrib))
    head = copy.deepcopy(document.head)
    style = head.find("style")
    if style is not None and style.text:
        style.text = _css(style.text, first=first)
        digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
        for meta in head.iter("meta"):
            if meta.get("http-equiv") == "Content-Security-Policy":
                meta.set("content", f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'")
    there = {element.get("id") for element in body.iter() if element.get("id")}
    for link in body.iter("a"):
        if link.get("href", "").startswith("#") and link.get("href")[1:] not in there:
            del link.attrib["href"]  # its target is in another part
    whole.append(head)
    whole.append(body)
    return f"<!DOCTYPE html>\n{lxml.html.tostring(whole, encoding='unicode')}"


def _css(css: str, *, first: bool) -> str:
    """Page numbers are of the whole, so the parts have none; only the first one begins with a first page."""
    css += "\n@page { @bottom-center { content: none; } }"
    return css if first else css.replace("@page :first", "@page not-here")


def numbers(page: str, count: int) -> str:
    """So many pages that hold nothing but their number, as the page's own style writes it."""
    style = lxml.html.document_fromstring(page).find("head/style")
    css = (style.text if style is not None else "") or ""
    alone = "".join(f"@{box} {{ content: none; }}" for box in ("top-left", "top-right", "bottom-left", "bottom-right"))
    return (
        f"<!DOCTYPE html>\n<meta charset=utf-8><style>{css.replace('@page :first', '@page not-here')}\n"
        f"@page {{ {alone} }} html, body {{ background: none !important; padding: 0; }}"
        "div + div { break-before: page; }</style>" + "<div>&nbsp;</div>" * count
    )
