r"""The annotated strings and days that pages are made of, and the laws that they keep.

Each type admits exactly the strings that come back from a rendered page unchanged, so that
``parse(render(page)) == page`` holds for every page that can be built. "Blank" means any
character that `str.isspace` knows.

A law is one pattern, for the models and for the JSON Schema alike, so that both admit the same.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    StrictBool,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from newsarchive.page.patterns import pattern
from newsarchive.page.sections import BLANK, END, INNER_BLANK, TARGET
from newsarchive.page.sections import line_fault as line_fault

_LINE_END = rf"(?:\n|{END})"

_ONE_LINE = pattern(rf"^[^\r\n]*{END}")
_NO_RETURN = pattern(rf"^[^\r]*{END}")
_NO_BLANK_ENDS = pattern(rf"^(?:[^{BLANK}](?:[\s\S]*[^{BLANK}])?)?{END}")
_NOT_EMPTY = pattern(r"^[\s\S]")
_ONE_LINK = pattern(r"^(?![\s\S]*\]\()")
_UNBROKEN = pattern(rf"^[^{BLANK}]*{END}")
_ONLY_BLANKS = pattern(rf"^[{INNER_BLANK}]*{END}")
_NO_PARENTHESES = pattern(rf"^[^()]*{END}")
_NO_MARK = pattern(r"^(?!\uFEFF)")
_HEADING = pattern(rf"^[^\[\]:0-9{BLANK}](?:[^\n\r:]*[^:{BLANK}])?{END}")
_LABEL = pattern(rf"^[^\[\]()_:{BLANK}](?:[^\n\r\[\]()_:]*[^\[\]()_:{BLANK}])?{END}")
_BASE = pattern(rf"^(?:/[^/()#?%{BLANK}]+)*{END}")
_TERMS = pattern(rf"^(?!(?:[^\n]*, )?[{INNER_BLANK}]*(?:, |{END}))")
_GAP = pattern(rf"^(?:(?:#####(?: [^\r\n]*)?)?\n)*{END}")
_PARAGRAPH = pattern(
    rf"^(?![\s\S]+\n[{INNER_BLANK}]*{_LINE_END})"
    rf"(?!(?:[\s\S]*\n)?[{INNER_BLANK}]*(?:"
    rf"#{{1,6}}(?:[ \t]|[{INNER_BLANK}]*{_LINE_END})"
    rf"|(?:---|_Context: [^\n]*_)[{INNER_BLANK}]*{_LINE_END}))"
)
_DATE = (
    r"(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
_DAY = pattern(rf"^{_DATE}{END}")
_MOMENT = pattern(rf"^{_DATE}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]{END}")


class Model(BaseModel):
    """What every model of a page shares: frozen, nothing unknown, compared by value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed, validated as a new model is.

        Pydantic's own ``model_copy(update=...)`` does not validate: what it makes may render to a
        page that reads back as another.

        Args:
            changes: the new values, by field.

        Raises:
            pydantic.ValidationError: a field is unknown, or its value is not allowed.
        """
        return type(self).model_validate({**dict(self), **changes})

    # What `copy.replace` calls.
    __replace__ = replace

    def _settle(self, **values: object) -> None:
        """Set fields while the model is made: it is frozen for its users."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


class PageModel(Model):
    """A model of a whole page: what it refuses names the page, where that has a path."""

    @model_validator(mode="wrap")
    @classmethod
    def _naming_the_page(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            path = data.get("path") if isinstance(data, Mapping) else None
            if not (isinstance(path, str) and path):
                raise
            details: list[InitErrorDetails] = [
                {
                    "type": PydanticCustomError(one["type"], f"{one['msg']} (on the page {path})"),
                    "loc": one["loc"],
                    "input": one["input"],
                }
                for one in error.errors(include_url=False, include_context=False)
            ]
            raise ValidationError.from_exception_data(error.title, details) from None


@dataclass(frozen=True)
class Law:
    """What a string must be.

    Attributes:
        pattern: what it matches; anchored at the start.
        words: what it must be, or what is wrong with a given one, for people.
    """

    pattern: re.Pattern[str]
    words: str | Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        pattern, words = self.pattern, self.words

        def check(value: str) -> str:
            if pattern.match(value) is None:  # compiled where a value is there to be checked
                raise ValueError(words if isinstance(words, str) else words(value))
            return value

        return AfterValidator(check).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found, pattern = handler(schema), {"pattern": self.pattern.pattern}
        if "pattern" not in found:
            return {**found, **pattern}
        return {**found, "allOf": [*found.get("allOf", ()), pattern]}


def _paragraph_fault(value: str) -> str:
    return next(filter(None, map(line_fault, value.split("\n"))))


ONE_LINE = Law(_ONE_LINE, "it must be one line")
NO_RETURN = Law(_NO_RETURN, r"its lines must end in '\n': it holds a carriage return")
NO_MARK = Law(_NO_MARK, "it must not begin with a byte order mark")
NOT_EMPTY = Law(_NOT_EMPTY, "it must not be empty")
NO_PARENTHESES = Law(_NO_PARENTHESES, "it must not hold parentheses")
ONE_TARGET = Law(TARGET, "a link target holds either blanks or parentheses, not both")
_CLEAN = Law(_NO_BLANK_ENDS, "it must not begin or end with a blank (a space, a tab ...)")

# Any bound has pydantic refuse lone surrogates, which are no text: no page can write them.
Text = Annotated[str, StringConstraints(min_length=0), WithJsonSchema({"type": "string"})]
"""Any text."""

Line = Annotated[Text, ONE_LINE]
"""Any text on one line."""

CleanOrEmptyLine = Annotated[Text, ONE_LINE, _CLEAN]
"""One line without spaces at its ends; may be empty."""

CleanLine = Annotated[Text, NOT_EMPTY, ONE_LINE, _CLEAN]
"""One line that is not empty and has no blanks at its ends."""

_ONE_LINK_TEXT = Law(_ONE_LINK, "link text cannot hold '](': the link would end there")

LinkTextOrEmpty = Annotated[CleanOrEmptyLine, _ONE_LINK_TEXT]
"""What may stand between ``[`` and ``](``, or nothing."""

LinkText = Annotated[CleanLine, _ONE_LINK_TEXT]
"""A clean line that can stand between ``[`` and ``](``; brackets need not balance."""

LinkTarget = Annotated[Text, ONE_LINE, ONE_TARGET]
"""A link's target as the page writes it: an archive path or URL, right or wrong."""

Unbroken = Annotated[Text, Law(_UNBROKEN, "it must not hold a blank or a line ending")]
"""A string without any blank or line ending in it."""

ParagraphOrEmpty = Annotated[Text, NO_RETURN, _CLEAN, Law(_PARAGRAPH, _paragraph_fault)]
"""One paragraph or nothing: lines joined by newlines, no heading or context line among them."""

Heading = Annotated[Text, Law(_HEADING, "a section's heading is words, without the colon")]
"""The heading of a section, without the colon."""

Label = Annotated[
    Text, Law(_LABEL, "a label is words without brackets, parentheses, colons and underscores")
]
"""A fixed word of an edition."""

Base = Annotated[Text, Law(_BASE, "the base of a link is a path such as '/zh', or empty")]
"""What stands before the path of a link, in editions whose links have such."""

Gap = Annotated[
    Text, Law(_GAP, "it must be empty lines and '#####' lines, each with its line ending")
]
"""Empty lines and topic lines that belong to no entry, each with its line ending: the hole that
is left where an entry was taken out of an index."""

Blanks = Annotated[Text, Law(_ONLY_BLANKS, "it must be blanks (spaces, tabs ...) on one line")]
"""A run of blanks, mostly empty or one space."""

BlankPair = tuple[Blanks, Blanks]
"""The spaces before and after a part, which its clean value does not hold."""

Switch = StrictBool
"""True or false: no number and no word stands for either."""


def _written_day(value: object) -> object:
    if isinstance(value, datetime.date) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError("it must be a day of the calendar: 2016-03-02")


def _written_moment(value: object) -> object:
    if isinstance(value, datetime.datetime) or (isinstance(value, str) and _MOMENT.match(value)):
        return value
    raise ValueError(
        "it must be a time with whole seconds and no time zone (the page writes neither): "
        "2016-03-02T10:00:05"
    )


def _whole_seconds(value: datetime.datetime) -> datetime.datetime:
    if value.tzinfo is not None or value.microsecond:
        raise ValueError("a timestamp has whole seconds and no time zone (the page writes neither)")
    return value


Day = Annotated[
    datetime.date,
    BeforeValidator(_written_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY.pattern}),
]
"""A day of the calendar; in JSON ``2016-03-02``."""

Moment = Annotated[
    datetime.datetime,
    BeforeValidator(_written_moment),
    AfterValidator(_whole_seconds),
    WithJsonSchema({"type": "string", "pattern": _MOMENT.pattern}),
]
"""A time of whole seconds without a time zone; in JSON ``2016-03-02T10:00:05``."""


FROM_PAGE = {"from_page": True}
"""The context of validation where a model is made of a page: what stands there, stands there.

JSON is taken for that of a page, too: each page's JSON makes its model again.
"""


def _terms(value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    if not value:
        return value
    # Those that hold a comma (`Kenyan general election, 2017`) come apart: no page tells them.
    terms = tuple(", ".join(value).split(", "))
    stands_on_a_page = info.mode == "json" or info.context == FROM_PAGE
    if not stands_on_a_page and not all(map(str.strip, terms)):
        raise ValueError("a context term must not be empty")
    return terms


class _TermLaw(Law):
    """What a term must be, for the JSON Schema; models look at all terms of a context at once."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return handler(source)


Context = Annotated[
    tuple[Annotated[Line, _TermLaw(_TERMS, "a context term must not be empty")], ...],
    AfterValidator(_terms),
]
"""Context terms in the page's order. A term with ``", "`` in it becomes two, as on a page."""
