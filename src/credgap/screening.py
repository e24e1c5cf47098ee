"""A posting -> whether it is one at all, whether it is only one, and in which language; said before anything is advised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from credgap.models import Posting

# --- Is it a posting? ------------------------------------------------------------------------------------

# What marks each kind of page that is none, and how many marks it takes.
_PAGES: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    (
        "a check that a visitor is human (a captcha)",
        1,
        re.compile(
            r"captcha|verify (?:that )?you(?:'re| are) (?:a )?human|(?:not|are you) a robot|unusual traffic"
            r"|checking (?:your browser|if the site)|enable (?:javascript|cookies)|ddos protection"
            r"|access (?:to this page )?(?:has been |is )?denied"
            r"|press (?:and|&) hold|\bray id\b|request (?:was |has been )?blocked|security check"
        ),
    ),
    (
        "a page whose posting is gone",
        1,
        re.compile(
            r"(?:job|position|posting|vacancy|role|listing|requisition|page|opening)\b[^.\n]{0,60}"
            r"\b(?:no longer (?:available|active|open|accepting|exists?)"
            r"|(?:has |have |is |was )(?:been |now )?(?:expired|filled|closed|removed|deleted|withdrawn))"
            r"|no longer accepting applications"
            r"|page (?:not found|cannot be found|you (?:are looking for|requested))|\b404\b|could(?: not|n't) be found"
        ),
    ),
    (
        "a notice about cookies and privacy",
        3,
        re.compile(
            r"\bcookies?\b|technical storage|legitimate (?:interest|purpose)|statistical purposes|consent|personal (?:data|information)"
            r"|privacy policy|data controller|data subject|third[- ]part(?:y|ies)|advertising"
        ),
    ),
    (
        "a sign-in page",
        3,
        re.compile(
            r"\b(?:sign|log) ?(?:in|up)\b|create (?:an )?account|forgot(?:ten)?(?: your)? password|\bpassword\b|\busername\b|remember me"
        ),
    ),
)
_SIGNS = re.compile(
    r"\b(?:responsibilit(?:y|ies)|requirements?|qualifications?|experience (?:with|in|of|as)|years(?: of|') experience|skills"
    r"|you will|you'll|we(?:'re| are) (?:looking|hiring|seeking)|is (?:looking|hiring|seeking)|candidates?|salary|full[- ]time"
    r"|part[- ]time|duties"
    r"|degree|hiring|knowledge of|ability to|job description|employment|employees?|positions?|vacanc(?:y|ies)|role"
    r"|work(?:ing)? (?:hours|environment)"
    r"|reports to|benefits|apply now|join (?:us|our team)|proficien\w+)\b"
)
FEW_SIGNS = 3
"""A text with more than so many signs of a posting is one, whatever else stands in it."""
_FEW_WORDS = 4


def unfit(posting: Posting) -> str | None:
    """What a text is that is no posting ("a page whose posting is gone"); None for everything that may be one."""
    if _asks(posting):
        return None
    text = posting.clean.lower()
    signs = {m.group() for m in _SIGNS.finditer(text)}
    words = len(text.split())
    for kind, least, pattern in _PAGES:
        marks = len(pattern.findall(text))
        if marks >= least and len(signs) <= FEW_SIGNS and 40 * marks > words - 100 * (least > 1):
            return kind
    awards = len(_AWARDS.findall(text))
    if awards >= 4 and _CALL.search(text) and awards > 2 * len(_JOB.findall(text)) and len(signs) <= FEW_SIGNS + 2:
        return "a call for an award, a grant or papers, not a job"
    if words < _FEW_WORDS and not any(_reads(word) for word in text.split()):
        return "no text that can be read"
    return None


def _reads(word: str) -> bool:
    """Whether a word may be one: letters, a fifth of them vowels."""
    return word.strip(".,;:!?").isalpha() and 5 * sum(c in "aeiouy" for c in word) >= len(word)


def _asks(posting: Posting) -> bool:
    """Whether lines stand under a heading such as "Requirements" or "Duties"."""
    headed = {line.role for line in posting.lines if line.heading} & {"required", "preferred", "duties", "stack"}
    return sum(line.role in headed and not line.heading and line.end - line.start > 3 for line in posting.lines) >= 2


_AWARDS = re.compile(
    r"\bnominat\w+|\bawards?\b|\bawardees?\b|\bprizes?\b|\bhonou?rees?\b|\bcall for (?:papers|proposals|abstracts|submissions"
    r"|nominations)\b"
    r"|\bgrantees?\b|\blaureates?\b|\bletters? of (?:support|recommendation)\b|\bsubmissions?\b"
)
_CALL = re.compile(r"\bnominat|\bprizes?\b|\bcall for\b|\blaureate|\bhonou?ree|\bannual program statement\b")
_JOB = re.compile(
    r"\b(?:jobs?|positions?|salary|hiring|vacanc(?:y|ies)|employ(?:er|ment|ees?)|full[- ]time|part[- ]time|role|duties|responsibilities)\b"
)


# --- Is it one posting? -------------------------------------------------------------------------------------

_HEADS = re.compile(
    r"\W{0,6}(job title|title|position title|position|listing date|date posted|posted(?: on)?|job id|req(?:uisition)?\.? ?(?:id"
    r"|no|number|#)"
    r"|closing date|job posting|vacancy|how to apply|open until filled|description|job description|minimum qualifications"
    r"|qualifications|requirements"
    r"|responsibilities|location|salary|contact|what you(?:'ll| will) do|about the role)\W{0,6}(?::|$|\d)",
    re.IGNORECASE,
)
_FIRST = frozenset(
    ("job title", "title", "position title", "listing date", "date posted", "posted", "posted on", "job id", "open until filled")
)
_REQUISITION = re.compile(r"\W*(?:req(?:uisition)?\.? ?(?:id|no|number|#)|job id)\W{0,4}(\w+)", re.IGNORECASE)


def starts(posting: Posting) -> tuple[int, ...]:
    """The line numbers at which the postings of a text seem to begin, where it seems to hold several; else ()."""
    heads = list(_heads(posting))
    counts = Counter(head for head, _ in heads)
    repeated = [head for head, n in counts.items() if n >= 3]
    first = [head for head in repeated if head in _FIRST]
    numbers = _requisitions(posting)
    if first and len(repeated) >= 2:
        head = max(first, key=counts.__getitem__)
        return tuple(line for h, line in heads if h == head)
    if len(numbers) >= 2:
        return numbers
    if len(repeated) >= 3:
        head = max(repeated, key=lambda h: (counts[h], -[x for x, _ in heads].index(h)))
        return tuple(line for h, line in heads if h == head)
    return ()


def _heads(posting: Posting) -> Iterator[tuple[str, int]]:
    for line in posting.lines:
        m = _HEADS.match(posting.clean, line.start, line.end)
        if m and (line.end - line.start < 120):
            yield m.group(1).lower(), line.number


def _requisitions(posting: Posting) -> tuple[int, ...]:
    seen: dict[str, int] = {}
    for line in posting.lines:
        m = _REQUISITION.match(posting.clean, line.start, line.end)
        if m and any(c.isdigit() for c in m.group(1)):
            seen.setdefault(m.group(1), line.number)
    return tuple(seen.values())


# --- In which language? --------------------------------------------------------------------------------------

# The commonest little words of a language: enough to tell which one a page of text is in.
_LITTLE = {
    "English": "the and of to in for with a is you our we are will or on as be your this that an by at from have",
    "German": "und der die das mit für von den wir sie ein eine ist im auf zu du deine ihre bei als oder dich unser dem des",
    "French": "et de la le les des vous nous pour une un en du dans est avec votre sur au aux ou par notre que qui",
    "Spanish": "y de la el los las que en para con una un del por su se es nuestra como más o al tu",
    "Portuguese": "e de a o os as que em para com uma um do da no na por se são como ou mais você nossa",
    "Italian": "e di la il che per con una un del della in nel si sono le dei alla come o da gli",
    "Dutch": "en de het een van je met voor in is op te aan bij wij ons jij als zijn dat of",
    "Swedish": "och att i en ett som för med på är av vi du till den om har eller hos oss",
    "Danish": "og at i en et som for med på er af vi du til den om har eller hos os",
    "Polish": "i w z na do oraz się nie jest dla o to od jako po lub",
}
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("Japanese", re.compile("[\u3040-\u30ff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Chinese", re.compile("[\u4e00-\u9fff]")),
    ("a language in Cyrillic letters", re.compile("[\u0400-\u04ff]")),
    ("a language in Arabic letters", re.compile("[\u0600-\u06ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
    ("Hindi or another language in Devanagari", re.compile("[\u0900-\u097f]")),
)
_SOME = 0.12
"""From this share of a text on, what is in another language is worth a word."""
_ENOUGH_WORDS = 25


def other_language(posting: Posting) -> tuple[str, float] | None:
    """The language other than English in which much of a posting is, and the share; None for English and for very short texts."""
    text = posting.clean
    if not text.isascii():
        letters = sum(map(str.isalpha, text)) or 1
        for name, script in _SCRIPTS:
            n = len(script.findall(text))
            if n > _SOME * letters:
                return name, min(1.0, n / letters)
    words = text.lower().split()
    if len(words) < _ENOUGH_WORDS or (
        sum(map(_SETS["English"].__contains__, words)) > 0.16 * len(words) and len(_ACCENTED.findall(text)) < _FEW_ACCENTS
    ):
        return None
    return _mostly(posting)


def _mostly(posting: Posting) -> tuple[str, float] | None:
    """The language of the lines whose little words are not English, and their share of all words."""
    foreign: Counter[str] = Counter()
    total = 0
    for line in posting.lines:
        own = [w.lower() for w in _WORD.findall(posting.clean, line.start, line.end)]
        total += len(own)
        hits = {name: sum(w in little for w in own) for name, little in _SETS.items()}
        best = max(hits, key=lambda name: (hits[name], name == "English"))
        if best != "English" and hits[best] >= 2 and hits[best] > 1.5 * hits["English"] and 7 * hits[best] >= len(own):
            foreign[best] += len(own)
    if not foreign:
        return None
    name, n = foreign.most_common(1)[0]
    return (name, n / total) if n > _SOME * total else None


_ACCENTED = re.compile("[\u00c0-\u024f]")
_FEW_ACCENTS = 12
_ENGLISH_TOO = frozenset(f"{_LITTLE['English']} no do so die per come par has on me i o e y os em se man hos over dos".split())
_SETS = {name: frozenset(words.split()) - (frozenset() if name == "English" else _ENGLISH_TOO) for name, words in _LITTLE.items()}


# --- What to say of it ----------------------------------------------------------------------------------------


def warnings(posting: Posting, other: tuple[str, float] | None) -> tuple[str, ...]:
    """What a reader must know before using what was read: several postings in one text, and another language."""
    out = []
    if begins := starts(posting):
        shown = ", ".join(str(n) for n in begins[:6]) + (" ..." if len(begins) > 6 else "")
        out.append(
            f"This text seems to hold {len(begins)} postings or more (lines {shown}): what they ask for is mixed here."
            " Put each into a file of its own, and pass the folder."
        )
    if other is not None:
        name, share = other
        much = "is" if share > 0.6 else "is in part"
        out.append(
            f"The posting {much} in {name}; credgap reads English. Names of tools are found in any language,"
            " what is asked for in other words is not: read it yourself as well."
        )
    return tuple(out)
