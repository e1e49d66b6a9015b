"""XML from elsewhere, one record at a time: no document type, no entities, nothing fetched, nothing kept.

A document type is refused as a whole: with it a file of a few lines grows to gigabytes or reads other files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tarazu.errors import NotReadable, NotValid

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 256 * 2**20  # bytes of one file; the largest public list has some 30 MB
DEEPEST = 64  # levels
_PIECE = 2**16


def elements(
    path: Path | str, tags: Collection[str], *, largest: int = LARGEST
) -> Iterator[tuple[int, Element]]:
    """Give the root, without what is in it, and then every element with one of the tags, with its line.

    Name spaces are taken off tags and attributes. Raises NotReadable when the file is missing or too large,
    NotValid, with line and column, when it is no XML or has a document type.
    """
    from defusedxml import DefusedXmlException, DTDForbidden
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    path = Path(path)
    target = _Target(frozenset(tags))
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser

    def refused(wrong: str, advice: str) -> NotValid:
        # Where the parser stands; after a failure to parse, that is where the failure is.
        line, column = parser.parser.CurrentLineNumber, parser.parser.CurrentColumnNumber + 1
        return NotValid(f"{path}:{line}:{column}: {wrong}; {advice}")

    try:
        stream = path.open("rb")
    except OSError as error:
        raise NotReadable(f"{path}: {error.strerror or error}. Give the path of an XML file.") from error
    with stream:
        size = 0
        try:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > largest:
                    raise NotReadable(f"{path}: larger than {largest // 2**20} MiB. Is it the right file?")
                parser.feed(piece)
                yield from target.taken()
            parser.close()
            yield from target.taken()
        except DTDForbidden as error:
            raise refused(
                "a document type (<!DOCTYPE ...>), which can reach out or explode",
                "get the list from its publisher again; the real one has none",
            ) from error
        except DefusedXmlException as error:
            raise refused(
                "an entity or an outside reference", "get the list from its publisher again"
            ) from error
        except _TooDeepError as error:
            raise refused(f"more than {DEEPEST} levels", "this is no list; choose another file") from error
        except (ParseError, ValueError, LookupError) as error:
            raise refused(f"this is no XML ({error})", "get the file again; it may be cut off") from error


class _TooDeepError(Exception):
    """Elements nested deeper than any list has them."""


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


class _Target:
    """Builds only the wanted elements."""

    def __init__(self, tags: frozenset[str]) -> None:
        self.tags = tags
        self.expat: Any = None
        self.depth = 0
        self.done: list[tuple[int, Element]] = []
        self.stack: list[tuple[int, Element]] = []  # open elements of the wanted one

    def taken(self) -> list[tuple[int, Element]]:
        done, self.done = self.done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        from xml.etree.ElementTree import Element

        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeepError
        element = Element(_bare(tag), {_bare(name): value for name, value in attributes.items()})
        line = int(self.expat.CurrentLineNumber)
        if self.depth == 1:
            self.done.append((line, element))
        elif self.stack:
            self.stack[-1][1].append(element)
            self.stack.append((line, element))
        elif element.tag in self.tags:
            self.stack.append((line, element))

    def data(self, text: str) -> None:
        if not self.stack:
            return
        element = self.stack[-1][1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.stack:
            line, element = self.stack.pop()
            if not self.stack:
                self.done.append((line, element))

    def close(self) -> None:
        """Nothing is left to do."""
