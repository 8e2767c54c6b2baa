"""Fictional news: names of people and places, and a grammar that makes sentences of them.

Nothing here is real: names are put together from syllables, and all hosts end in ``.example``.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

TOPICS = {
    "Unrest": (
        "Gunmen attack a checkpoint near {city}, {country}, and {number} soldiers are killed",
        "{org} shells the outskirts of {city} for the {ordinal} day",
        "The {thing} in {country} spreads to {city} and {city}",
        "{country} and {country} agree on a ceasefire after talks in {city}",
    ),
    "Arts": (
        "{person} wins the {city} Prize for a novel about the {thing}",
        "The {org} opens a museum of the {thing} in {city}, {country}",
        "The singer {person} cancels {number} concerts in {country}",
    ),
    "Business": (
        "{org} of {country} says it will buy {org} for {money}",
        "{org} cuts {number} jobs at its works in {city}",
        "The central bank of {country} raises its rate as the {thing} grows",
        "Shares of {org} fall by {percent}% on the exchange of {city}",
    ),
    "Disasters": (
        "A {thing} strikes {city} in {country}, killing at least {number} people",
        "A ferry between {city} and {city} sinks with {number} people on board",
        "Floods displace {number},000 people in the north of {country}",
        "A train from {city} derails near {city}, {country}; {number} are hurt",
    ),
    "Diplomacy": (
        "{person}, foreign minister of {country}, visits {city} to talk about the {thing}",
        "{country} recalls its ambassador from {country} over the {thing}",
        "{country} joins the {org}",
    ),
    "Law": (
        "A court in {city} sentences {person} to {number} years for the {thing}",
        "Police in {country} arrest {number} members of the {org}",
        "{person} pleads not guilty in {city} to taking {money} from {org}",
    ),
    "Politics": (
        "{person} is elected president of {country} with {percent}% of the vote",
        'The government of {country} resigns over the "{thing}" affair',
        "{person} of the {org} announces a run for mayor of {city}",
        "The parliament of {country} passes a law on the {thing}",
    ),
    "Science": (
        "Researchers of the {org} describe a new kind of {thing} found in {country}",
        "The {org} launches a satellite from {city} to watch the {thing}",
        "{person} of {country} shows that the {thing} is older than was thought",
    ),
    "Sport": (
        "In football, {city} defeats {city} {score} in the final of the {org} cup",
        "{person} of {country} wins the {city} Open, beating {person} of {country}",
        "{country} will host the {ordinal} games of the {org}",
    ),
}

CLAUSES = (
    ", {person} says",
    ", while {country} asks for calm",
    " after {number} days of talks in {city}",
    ", the {ordinal} time in {number} years",
    " despite the {thing}",
    ", at a cost of {money}",
    '. {person} calls it "a day that {country} won\'t forget"',
    ". The {org} denies the report",
    ". At least {number} people wait for help in {city}",
    ", according to the {org}",
)

SENTENCES = (
    "{person} told reporters in {city} that “nothing has been decided yet”.",
    "It is the {ordinal} such case in {country} in as many years – and, the {org} says, the worst.",
    "Officials in {city} put the loss at {money}; others speak of twice as much.",
    "The {thing} has divided {country} for {number} months now.",
    "{org} did not answer questions about its part in the {thing}.",
    "Witnesses described scenes of confusion near the harbour of {city}…",
    "Critics of {person} point to {country}’s record & ask for an inquiry.",
    "A spokesman for the {org} said that talks with {country} would go on next week.",
)

THINGS = (
    "harvest failure", "earthquake", "fishing quota", "water shortage", "general strike",
    "census", "grain embargo", "border dispute", "harbour fire", "tax reform", "student protests",
    "landslide", "volcanic eruption", "currency crisis", "river treaty", "lighthouse", "glacier",
    "comet", "beetle", "railway", "prison break", "smuggling", "election fraud", "heat wave",
    "cyclone", "copper mine", "vaccine", "dam", "ceasefire", "trade deficit", "bank rescue",
    "telescope", "bridge collapse", "oil spill", "wolf", "orchid", "manuscript", "opera house",
    "observatory",
)  # fmt: skip

PAPERS = (
    "Harbour Post", "Evening Tide", "The Veldt Courier", "Radio Meridian", "Northern Wire",
    "The Lantern", "Daily Almanac", "Kestrel News", "Channel Nine and a Half", "The Ledger",
    "Morning Ferry", "Isthmus Review", "The Quarry Times", "Press Union", "Signal", "The Orchard",
)  # fmt: skip

_ONSETS = ("b", "d", "dr", "f", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "st", "t",
           "tr", "v", "z")  # fmt: skip
_VOWELS = ("a", "a", "e", "e", "i", "o", "o", "u", "é", "ö", "ia", "ei")
_CODAS = ("", "", "", "l", "m", "n", "r", "s", "sk", "th")
_COUNTRY_ENDS = ("ia", "land", "stan", "ova", "mark", ", Republic of")
_ORG_ENDS = ("Union", "Party", "Front", "Group", "Institute", "Bank", "Works", "Agency", "League")
_FIELD = re.compile(r"\{(\w+)\}")
_SHORTEST, _LONGEST = 40, 300


def plain(text: str) -> str:
    """The text without accents, as titles have it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


class Story(NamedTuple):
    """What an event page tells.

    Attributes:
        title: 40 to 300 ASCII characters, ended by a full stop.
        description: one to three sentences of Unicode, or None.
        topic: the kind of news.
        terms: the subjects that the title names, sorted; they may have commas and accents.
    """

    title: str
    description: str | None
    topic: str
    terms: tuple[str, ...]


class Newsroom:
    """A vocabulary, and the stories that are told with it.

    Args:
        rng: where all chance comes from; the same state gives the same stories.
        size: how many people there are; other names are in proportion.
    """

    def __init__(self, rng: random.Random, size: int = 1500) -> None:
        self._rng = rng
        self._pools: dict[str, tuple[str, ...]] = {
            "person": self._names(size, lambda: f"{self._name()} {self._name()}"),
            "city": self._names(size // 3, self._name),
            "country": self._names(size // 15, lambda: self._name() + rng.choice(_COUNTRY_ENDS)),
            "org": self._names(size // 5, lambda: f"{self._name()} {rng.choice(_ORG_ENDS)}"),
            "thing": THINGS,
        }

    def story(self, described: float) -> Story:
        """A story; `described` is the share of stories that have a description."""
        rng = self._rng
        topic = rng.choice(tuple(TOPICS))
        terms: dict[str, None] = {}
        title = self._title(rng.choice(TOPICS[topic]), terms)
        description = self._description() if rng.random() < described else None
        return Story(title, description, topic, tuple(sorted(terms)))

    def _title(self, template: str, terms: dict[str, None]) -> str:
        rng = self._rng
        wanted = rng.lognormvariate(4.95, 0.45)
        title = self._filled(template, terms)
        for clause in rng.sample(CLAUSES, len(CLAUSES)):
            if len(title) >= max(_SHORTEST, wanted):
                break
            more: dict[str, None] = {}
            tail = self._filled(clause, more)
            if len(title) + len(tail) < _LONGEST:
                title += tail
                terms.update(more)
        return title[0].upper() + title[1:] + "."

    def _description(self) -> str:
        count = self._rng.choice((1, 1, 2, 2, 3))
        return " ".join(self._filled(s, None) for s in self._rng.sample(SENTENCES, count))

    def _filled(self, template: str, terms: dict[str, None] | None) -> str:
        """A template with names in it; with `terms` the names are noted there, and lose accents."""

        def fill(m: re.Match[str]) -> str:
            pool = self._pools.get(m[1])
            if pool is None:
                return self._figure(m[1])
            # The square favours the front of a pool: some names are in the news every day.
            term = pool[int(self._rng.random() ** 2 * len(pool))]
            if terms is None:
                return term
            terms[term] = None
            return plain(term)

        return _FIELD.sub(fill, template)

    def _figure(self, kind: str) -> str:
        n = self._rng.randrange(2, 60)
        if kind == "money":
            return f"${n}.{n % 7} {self._rng.choice(('million', 'billion'))}"
        if kind == "score":
            return f"{n % 5}-{n % 3}"
        if kind == "ordinal":
            return ("second", "third", "fourth", "fifth", "sixth")[n % 5]
        return str(n)

    def _names(self, count: int, make: Callable[[], str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(make() for _ in range(count)))

    def _name(self) -> str:
        rng = self._rng
        syllables = rng.choice((2, 2, 3))
        name = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
        return (name + rng.choice(_CODAS)).capitalize()
