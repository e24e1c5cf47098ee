"""Lines of a posting -> headings and the role of the section each line stands in.

The heading words are those that recur as headings in real postings; a heading nobody lists keeps the section it stands in.
"""

# ruff: noqa: RUF001  (bullets and dashes as postings have them)

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import accumulate, pairwise

from credgap.hints import Hints
from credgap.models import SectionRole

_MODIFIER = (
    r"(?:the|your|our|job|key|core|main|primary|major|essential|principal|general|basic|minimum|required"
    r"|requirements?|preferred|desired|desirable|additional|other|special|specific"
    r"|mandatory|position|role|technical|professional|personal|ideal|soft|hard|essential|candidate|work"
    r"|typical|daily|day-to-day|bonus|relevant)"
)
_NOUN = (
    r"(?:responsibilit(?:y|ies)|duties|duty|tasks|functions|accountabilities|requirements?|qualifications?"
    r"|skills?|competenc(?:y|ies|es)|experiences?|education|knowledge|abilities|expertise"
    r"|certifications?|licen[sc]es?|licensure|credentials|attributes|background|profile|essentials|criteria"
    r"|training|languages?|description|summary|overview|purpose|objectives?"
    r"|benefits|perks|compensation|salary|proficiencies|deliverables|points|tech stack|technologies|tools"
    r"|candidate|prerequisites|expectations|pluses)"
)
_JOIN = r"(?:,? (?:and/or|and|&|or|/) |, |/)"
# A phrase that is a heading wherever it stands alone, with a colon or without.
_PHRASES = re.compile(
    "|".join(
        (
            rf"(?:{_MODIFIER}(?: or | and | & |/ ?|, | )){{0,4}}{_NOUN}(?:{_JOIN}(?:{_MODIFIER} ){{0,2}}{_NOUN}){{0,3}}"
            r"(?:(?: will)? includes?(?:,? but (?:is |are )?not limited to)?"
            r"| (?:that )?we(?:'re| are)? (?:value|need|want|like|seek|expect|require|looking for|look for)"
            r"| (?:exciting|important) to us)?",
            r"(?:nice|good) to haves?|must[- ]haves?|bonus(?:es)?(?: points)?(?: if| for)?|(?:a )?plus(?:es)?|preferred"
            r"|required|desired|mandatory|desirable|essential|minimum|compulsory",
            r"(?:in this (?:role|position)[, ]*)?"
            r"(?:you will|you'll|we offer|you have|you are|you must have|you might be a good fit if you(?: have)?)",
            r"what (?:you(?:'ll| will)?(?: be)?|we|we're|we are|will you)(?: (?:do|doing|bring|need|have|get"
            r"|offer|look for|looking for|like to see|should have|must have|value|work on|gain|provide"
            r"|expect|be doing|be working on|can offer you|offer you|offer in return|can expect(?: day-to-day)?))?(?: to (?:succeed"
            r"|the (?:team|role|table)|have))?",
            r"what do we do|what will (?:you|i) (?:be )?(?:do|doing)(?: day[- ]to[- ]day)?|who (?:you are|we are|are we|are you"
            r"|we are looking for|we're looking for)|about (?:us|you|the (?:role|job|position|team|company|opportunity"
            r"|department|organization))",
            r"(?:the|your) (?:role|job|position|opportunity|team|company|impact|mission|ideal candidate|challenge)|day[ -]to[ -]day",
            r"how (?:you'll|you will) (?:make an impact|contribute|succeed)|(?:you'll|you will) (?:need|love|get|do|be|have)",
            r"(?:company|role|team|position|job|department) (?:overview|summary|description|profile|purpose|background"
            r"|details?)|introduction",
            r"our (?:tech )?stack|tech(?:nology)? stack|scope of work|why (?:join )?us|what's in it for you|equal opportunity(?: employer"
            r"| statement)?|eeo statement|employee benefits",
            r"(?:how to )?apply|to apply|application (?:procedures?|deadline|process)|additional information"
            r"|working conditions|work(?:ing)? environment|physical (?:demands|requirements)|supervision received"
            r"|disclaimer",
            r"(?:.{0,60} )?(?:if you(?:'re|'ve| are| have)?|someone (?:who|with)(?: has| is)?|candidates? (?:will"
            r"|may|must|should|might)(?: also)? have|you (?:may|might|should|must|will|'ll) (?:also )?(?:have"
            r"|be|bring))[ .]*",
            r"location|schedule|hours|salary range|pay range|job type|employment type|contact|travel|interview process|hiring process",
        )
    ),
    re.IGNORECASE,
)

_PREFERRED = (
    r"(?:may|might) also|prefer(?!red (?:location|name))|nice|bonus|pluse?s?\b|desir|ideally|great if"
    r"|stand out|extra|good to have|\basset|advantag|not required|optional|beneficial|even better|love it if"
)
_ROLE_WORDS: tuple[tuple[SectionRole, str], ...] = (
    ("required", r"(?:requir|minimum|basic|essential)\w*(?: and|,| &|/| or) (?:prefer|desir)"),
    ("legal", r"document|bonus (?:plan|pay|program)|sign(?:ing|-on) bonus|preferred (?:location|pronoun)"),
    ("preferred", _PREFERRED),
    (
        "benefits",
        r"benefits?\b(?! (?:admin|manage|specialist|and compensation|program))|perks?\b|(?<!and )compensation(?! (?:and"
        r"|&) benefits admin)|salar|\bpay\b|offers?\b|in it for you|why (?:join|work|us|you|we"
        r"|choose|this)|(?:you'll|you will|you) (?:get(?! to\b)|gain|love|receive|enjoy|learn)"
        r"|reward|time off|insurance|wellness|remuneration|holiday|vacation|401|join us|join our",
    ),
    (
        "legal",
        r"equal|\beeo|\beoe|disclaimer|privacy|accommodat|diversity|inclusi|discriminat|e-?verify|\blegal (?:notice"
        r"|statement|info)|notice|arbitration|background (?:check|screen|invest)|drug|vaccin"
        r"|covid|work authori[sz]ation|authori[sz]ed to|sponsorship|visa|conditions of employment|physical"
        r"|mental demands|affirmative|\bexport|itar\b|^apply|how (?:do i |to )apply|to apply$|^applying|apply (?:now"
        r"|online|today)|application|applicants?\b|interview|hiring process"
        r"|recruitment process|selection p|contact|location|schedule|shift|\bhours\b|travel|job (?:type|id"
        r"|number|code|family|category|level|posting|title)|employment (?:type|status)|department$|posted"
        r"|posting|closing"
        r"|deadline|opening date|start date|reports? to|supervis|flsa|requisition|req id|work(?:ing)? (?:environment"
        r"|conditions)|additional information|other information|more information|how we hire|deposit"
        r"|(?:experience|seniority|career|education) level|term\b|duration|disability|veteran",
    ),
    ("duties", r"responsib|\bdut(?:y|ies)\b"),
    (
        "company",
        r"^what do we do|^about(?! you| this| the (?:role|job|position|opportunity|work|internship)| your)|^who (?:we are"
        r"|are we)(?! look| seek)|^our (?!requirements|ideal|stack|tech|tools|expect)",
    ),
    (
        "required",
        r"requir|qualif|\bmusts?\b|\bneed|comfortable with|background (?:in|with|as)\b"
        r"|you have|you (?:will )?bring|you'll bring|you should|who (?:are )?you"
        r"|about you|look(?:ing)? for|skills?\b|experience|education|knowledge|competenc|profile|candidate"
        r"|expertise|credential|licen[sc]|certific|abilit|eligib|minimum|basic|\bfit\b|\bif you\b|sound like you"
        r"|^you are|you're|to be successful|succeed|proficien|traits|attributes|languages?$|your background"
        r"|prerequisite|criteria|essential$|mandatory|ideal|what it takes|we'd love to (?:talk|hear)|we ask",
    ),
    (
        "company",
        r"company|our (?:mission|culture|values|story|commitment|vision|principles)|^mission|culture|\bvalues"
        r"|^vision|what we (?:do|believe|value|stand)|how we work|life at|the team|organi[sz]ation|^background(?! (?:in|with|as)\b)"
        r"|^history|^introduction|who we|department",
    ),
    (
        "duties",
        r"you(?:'ll| will) (?:do|be|get to)|\bdo\b|\brole|\bjob\b|position|functions?\b|accountabil|tasks|scope"
        r"|impact|opportunity|day[- ]to[- ]day|typical day|summary|overview|description|purpose|objective"
        r"|mission|contribute|challenge|deliverable|you will|you'll|activities|work on|doing",
    ),
    ("stack", r"stack|tools|technolog|\btech\b|software|systems used"),
)
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in _ROLE_WORDS)
# Words that head a list inside a section ("Experience with:") as often as a section of their own.
_WEAK = re.compile(r"^(?!.*(?:requir|qualif|must|need|minimum|basic|bring|looking)).* (?:with|in|of|following)\b")
_MARKUP = re.compile(r"^\W*(?:#{1,6}\s*|\*{2,}|__)|(?:\*{2,}|__):?\s*$")
_BULLET = re.compile(r"^\s*(?:[•·▪●■◦‣❖➢✔✓►–*+o-]|\d{1,2}[.)]|\(?[a-z]\))\s+")
_ELLIPSIS = re.compile(r"(?:(?:\s*\.){2,}|\s*…)$")
_PLACEHOLDERS = re.compile(r"(?:<[A-Z_]+>[\s,.]*)+")
_EDGES = " \t#*_:;=-–—|.!?>•·▪●■◦[](){}\"'…~"


def role_of(heading: str) -> SectionRole | None:
    """The role of the section that a heading opens; None where the words say nothing."""
    words = heading.lower()
    return next((role for role, pattern in _ROLES if pattern.search(words)), None)


def heading_words(line: str) -> tuple[str, bool] | None:
    """The words of a line that has the shape of a heading, and whether the shape alone (colon, capitals, mark-up) says so."""
    bare = _ELLIPSIS.sub("", line.strip())
    words = bare.strip(_EDGES)
    if (
        not words
        or len(words) > 90
        or _PLACEHOLDERS.fullmatch(bare)
        or (count := len(words.split())) > 12
        or not any(map(str.isalpha, words))
    ):
        return None
    ended = bare.rstrip("*_").endswith((".", ";", ","))
    marked = bool(_MARKUP.search(bare)) and not ended
    bullet = bool(_BULLET.match(line)) and not marked
    if marked or (bare.endswith(":") and not bullet) or (words.isupper() and len(words) > 4 and not bullet and not ended):
        return words, True
    if not bullet and not ended and count <= 9:
        return words, False
    return None


_FOR_WHOM = re.compile(r" for (?:an? |the |this )?[A-Z][\w ]{2,40}$")
_ABOUT = re.compile(r"(?:about|why|life at|inside|join) [A-Z][\w&.'-]*(?: [A-Z&][\w&.'-]*){0,4}$", re.IGNORECASE)


def heading_role(line: str, current: SectionRole) -> tuple[bool, SectionRole]:
    """Whether a line is a heading, and the role of what follows."""
    shape = heading_words(line)
    if shape is None:
        return False, current
    words, sure = shape
    phrase = _FOR_WHOM.sub("", words.replace("’", "'"))
    if not sure and not all(map(_PHRASES.fullmatch, phrase.split(" - "))) and not (_ABOUT.match(phrase) and phrase.split()[0].istitle()):
        return False, current
    role = role_of(phrase)
    if words.isupper() and not _ends_in_colon(line) and len(words.split()) > 5 and not _PHRASES.fullmatch(phrase):
        return False, current  # a demand in capitals, in a posting that is all capitals
    if role is None:
        return sure and (_ends_in_colon(line) or bool(_MARKUP.search(line.strip()))), current
    if role == "required" and current == "preferred" and _WEAK.match(phrase.lower()):
        return True, current
    return True, role


def _ends_in_colon(line: str) -> bool:
    return line.rstrip(" *_").endswith(":")


_LEGAL = re.compile(
    r"equal[- ](?:employment )?opportunity|without regard to|regardless of (?:race|age|gender)|reasonable accommodation"
    r"|protected veteran|sexual orientation|affirmative action|e-verify"
    r"|all qualified applicants|equal employment|gender identity|criminal histor|pay transparency|recruitment agenc|\beeo "
    r"|(?:non-?|anti-?)discriminat|discriminat(?:e|ion) (?:on|against|based|in)|terms and conditions of employment"
    r"|employment eligibility|verify (?:your |their |his or her )?(?:identity|eligibility)|\byour right to work\b"
    r"|\bnot (?:currently )?(?:able to )?(?:provide|offer|support)\w* (?:\w+ ){0,3}sponsorship"
)
_BENEFIT = re.compile(
    r"\b401 ?\(?k\)?|\bdental\b.*\b(?:vision|medical|health|life)|\b(?:medical|health|life|vision)\b.*\bdental"
    r"|paid (?:time off|vacation|holidays?|sick|parental)|health insurance|life insurance|tuition (?:reimbursement"
    r"|assistance)"
    r"|stock options|parental leave|unlimited (?:pto|vacation)|employee discount|base salary|salary range"
    r"|pay range|competitive (?:salary|compensation|pay|benefits)|retirement plan"
    r"|\$ ?\d[\d,.]*k?\s*(?:-|to|/|per|a)\s*(?:\$|year|hour|annum)|medical benefits|benefits (?:package"
    r"|include)|wellness program|flexible spending|commuter benefit"
)
_COMPANY = re.compile(
    r"award[- ]winning|fortune \d+|nasdaq|nyse|fastest[- ]growing|\bseries [a-d]\b|venture[- ]backed"
    r"|headquartered in|(?:was|were) founded|founded in"
    r"|\b(?:we|we're|we are) invest(?:ed)? in (?:you|our)|resonates? with"
)
_APPLYING = re.compile(
    r"follow[- ]up e-?mail|\b(?:send|submit|forward|e-?mail|upload|attach) (?:us )?(?:in )?(?:a |an |the |your )(?:\w+ ){0,3}?"
    r"(?:e-?mail|resume|cv|application|cover letter)\b|\bplease apply\b|\bapply (?:online|today|directly|now)\b"
    r"|(?:receiving|word) (?:your )?resume"
)
_COMPANY_START = re.compile(
    r"at [\w.&']+(?: [\w.&']+)?,? (?:we|our|you)\b|founded in|headquartered in|since (?:19|20)\d\d|our (?:mission"
    r"|vision|values|culture|company|story|clients|customers|purpose)\b"
    r"|we(?: are|'re) (?:an? |the |proud|committed|building|on a)|we (?:believe|foster|celebrate|recogni[sz]e|empower) "
    r"|[\w.&']+(?: [\w.&']+){0,3}(?:,? (?:inc|llc|ltd|corp)\.?)? (?:is|was) (?:an? |the )?(?:[\w']+[ -]){0,7}?(?:leader"
    r"|leading|provider|company|firm|organization|organisation|startup|founded|agency|bank|platform|manufacturer"
    r"|university"
    r"|nonprofit|non-profit|charity)\b"
)
_ASKING = re.compile(
    r"\b(?:look(?:ing)? for|seek(?:s|ing)?|hiring|you will|you'll|responsible (?:for|to)|must|experience (?:in"
    r"|with)|required|requires|candidates?|this (?:role|position)|the role|preferred|knowledge of|ability to"
    r"|proficien\w+"
    r"|familiar(?:ity)? with|skills)\b"
)


_HINTS = Hints(
    {
        "legal": (
            *("equal", "regard", "accommodat", "veteran", "orientation", "affirmative", "verify", "applicants", "gender"),
            *("criminal", "transparency", "recruitment agenc", "eeo", "discriminat", "terms and conditions", "eligibility"),
            *("right to work", "sponsorship"),
        ),
        "benefit": (
            *("401", "dental", "paid ", "insurance", "tuition", "stock option", "parental", "unlimited", "discount", "salary"),
            *("pay range", "competitive", "retirement", "$", "benefit", "wellness", "flexible spending"),
        ),
        "company": (
            *("award", "fortune ", "nasdaq", "nyse", "fastest", "series ", "venture", "headquarter"),
            *("founded", "invest", "resonate"),
        ),
        "applying": ("apply", "email", "e-mail", "resume", " cv", "application", "cover letter"),
        "asking": (
            *("look", "seek", "hiring", "you", "responsible", "must", "experience", "requir", "candidate", "role", "position"),
            *("prefer", "knowledge", "ability", "proficien", "skill", "familiar"),
        ),
        "following": ("following",),
        "consideration": ("consideration", "preference"),
    }
)
"""For what the words of a line say, whatever its section: patterns alone are slow."""

_OPENS_A_DEMAND = re.compile(
    r"(?:(?:proven|strong|solid|demonstrated|excellent|prior|previous|relevant|hands-on|extensive|deep|good|basic|advanced"
    r"|working|practical"
    r"|some|any|your) )*(?:experience (?:with|in|of|using|as|working)|experienced (?:with|in)|knowledge (?:of|in)|familiar(?:ity)? with"
    r"|proficien\w+ (?:with|in)|expertise (?:in|with)|understanding of|\d+\+? years)\b"
    r"|.{3,90}\b(?:is|are|would be) an? (?:big |huge |strong |definite |real )?(?:plus|must|bonus|asset)\W*$"
)
_IMPERATIVE = re.compile(
    r"(?:\W*[•*·▪-]\W*|(?=[A-Z][a-z]+ [a-z]))"
    r"(?:(?:Develop|Manage|Maintain|Assist|Support|Create|Ensure|Perform|Collaborate|Communicate|Lead|Design|Build"
    r"|Implement|Conduct"
    r"|Participate|Prepare|Review|Coordinate|Analy[sz]e|Monitor|Identify|Drive|Own|Work|Partner|Leverage|Define|Deliver|Track"
    r"|Execute|Write|Test"
    r"|Evaluate|Research|Train|Plan|Report|Document|Establish|Oversee|Negotiate|Optimi[sz]e|Contribute)\b|\*\*[A-Z][a-z]+ )"
)
_LIKE_MINDED = re.compile(r"\b(?:candidates?|people|someone) who(?: is| are|'s|'re) (?:excited|passionate|eager)\b")
_KNOWING = re.compile(
    r"\bmust (?!apply|submit|send|include)|\b(?:experience[d]? (?:in|with|using)|knowledge of|proficien\w+"
    r"|familiar\w*|background|a plus|preferred|ability to)\b|\d\+? years"
)
_CULTURE = re.compile(r"\W*Our (?:Culture|Values|Mission|Commitment)\b(?=.* (?:We|we|our|Our)\b)")
_FOLLOWING = re.compile(
    r"\b(?:must|should|shall|needs? to) (?:have|possess|meet|hold)(?: all)?(?: of)? the following (?:[\w/]+ ){0,2}?"
    r"(?:qualifications?|requirements?|skills|experience|criteria|credentials|competenc\w+)\b"
    r"|\bthe following (?:[\w/]+ ){0,2}?(?:qualifications?|requirements?|skills|experience|credentials)(?: \w+)?"
    r" (?:is|are) (?:required|mandatory)\b"
    r"|\bthe following (?:[\w/]+,? ){0,4}?(?:qualifications?|requirements?|skills|experience|credentials|abilities)\b[^.:]*:\s*$"
)
_CONSIDERATION = re.compile(
    r"\b(?:additional|special|preferential|extra|further) consideration (?:will be |is |may be )?given to"
    r"|\bpreference (?:will be |is )?given to\b"
)


_OPENING = 25
"""A sentence of more words opens no section."""


def _opens(line: str, hints: Set[str], current: SectionRole) -> tuple[bool, SectionRole]:
    """As `heading_role`, for a sentence that opens a section: "must have the following qualifications for the post."."""
    if "following" in hints and _FOLLOWING.search(line.lower()) and len(line.split()) <= _OPENING:
        return True, "required"
    if (
        "consideration" in hints
        and _CONSIDERATION.search(line.lower())
        and len(line.split()) <= _OPENING
        and not line.rstrip().endswith(".")
    ):
        return True, "preferred"
    return False, "company" if _CULTURE.match(line) else current


def line_role(line: str, hints: Set[str], section: SectionRole) -> SectionRole:
    """The section's role, unless the line by its own words is legal text, a benefit or praise of the company."""
    text = line.lower().strip(" •*-")

    def says(name: str, pattern: re.Pattern[str]) -> bool:
        return name in hints and pattern.search(text) is not None

    if says("legal", _LEGAL):
        return "legal"
    if section in ("benefits", "company", "legal") and _OPENS_A_DEMAND.match(text) and not says("benefit", _BENEFIT):
        return "other"
    if section == "benefits":
        return "other" if len(text) > 60 and says("asking", _ASKING) and not says("benefit", _BENEFIT) else section
    if section in ("legal", "stack"):
        return section
    if says("benefit", _BENEFIT) and not (section in ("required", "preferred") and says("asking", _ASKING)):
        return "benefits"
    if section == "company":
        if _IMPERATIVE.match(line):
            return "duties"
        return "other" if says("asking", _ASKING) and not _LIKE_MINDED.search(text) else section
    if says("applying", _APPLYING) and not _KNOWING.search(text):
        return "legal"
    if (_COMPANY_START.match(text) or says("company", _COMPANY)) and not says("asking", _ASKING):
        return "company"
    return section


# A label speaks of its own line ("Location: Boston"); the section around it goes on.
_LABEL = re.compile(
    r"(?:job |work |position |salary |pay |employment |base |hourly |contract )*(?:location|salary|pay"
    r"|pay range|range|rate|type|schedule|hours|shift|travel|contact|id|number|code|title|department"
    r"|status|reports? to|start date|deadline"
    r"|duration|term|category|level)s?"
)


_LABELLED = re.compile(rf"{_LABEL.pattern} ?[-–:|] ?\w")


_TITLE = re.compile(
    r"(?=.{4,90}$)(?!.*\b(?:needed|wanted|seek\w*|look\w*|hiring|required|must|you|we|with)\b)"
    r".*\b(?:analyst|engineer|manager|developer|specialist|assistant|nurse|technician|coordinator|director|representative|designer"
    r"|scientist|administrator|officer|clerk|accountant|bookkeeper|intern|associate|consultant|supervisor|lead|architect|recruiter"
    r"|teacher|instructor|receptionist|electrician|mechanic|auditor|controller|buyer|planner|programmer|executive|advisor|agent"
    r"|operator|therapist|paralegal|attorney|counsel|writer|editor|researcher|tester|trainer|worker|driver|cook|chef|generalist"
    r"|sourcer|strategist|marketer|cashier|server|secretary|machinist|welder|plumber|carpenter|pharmacist|physician|hygienist"
    r"|economist|statistician|actuary|head|chief|president|aide|attendant|guard|inspector|estimator|surveyor|coder|biller"
    r"|copywriter|producer|translator|interpreter|tutor|coach|counsel+or|principal|owner|partner|fellow)s?\b.*",
    re.IGNORECASE,
)


def names_a_job(line: str) -> bool:
    """Whether a line is the name of a job ("Senior Data Analyst, Portland"), and no sentence about one."""
    return _TITLE.fullmatch(line) is not None


def _is_title(lines: Sequence[str], number: int) -> bool:
    """Whether a line is the posting's title: the first that is not blank, a job's name, standing alone."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    return not following.strip() and not any(x.strip() for x in lines[:number]) and names_a_job(lines[number].strip())


def roles(lines: Sequence[str]) -> list[tuple[bool, SectionRole]]:
    """For each line, whether it is a heading, and its role. A title asks for nothing by itself."""
    found: list[tuple[bool, SectionRole]] = []
    current: SectionRole = "other"
    label: SectionRole | None = None
    lower = [line.lower() for line in lines]
    hints = _HINTS.in_stretches("\n".join(lower), [0, *accumulate(len(line) + 1 for line in lower[:-1])])
    for number, line in enumerate(lines):
        if line.strip() and number < 5 and _is_title(lines, number):
            found.append((True, "company"))
            continue
        heading, section = heading_role(line, current)
        if not heading:
            heading, section = _opens(line, hints[number], current)
            current = section
        if heading:
            words = line.strip(_EDGES).lower()
            label = section if _LABEL.fullmatch(words) else None
            current = current if label or _LABELLED.match(words) else section
            found.append((True, section))
        else:
            found.append((False, label or line_role(line, hints[number], current)))
            label = label if label and not line.strip() else None
    return found


# --- Cutting long lines ----------------------------------------------------------------------------

_LONG = 280
_STARTERS = (
    r"(?:Strong|Experience|Excellent|Must|Ability|Able|Knowledge|Proficien\w+|Proven|Bachelor|Master"
    r"|Minimum|Demonstrated|Familiarity|Understanding|Work|Develop|Manage|Maintain|Provide|Assist|Support"
    r"|Create|Ensure|Perform"
    r"|Responsib\w+|Requirements|Qualifications|Preferred|Required|What|About|Who|Benefits|Education"
    r"|Skills|Collaborate|Communicat\w+|Lead|Design|Build|Implement|Conduct|Participate|Prepare|Review"
    r"|Coordinate|Analyze|Monitor"
    r"|Identify|Drive|Help|Partner|Previous|Prior|Basic|Advanced|Solid|Good|Great|Highly|Working|Hands"
    r"|Valid|High|Self|Detail|Team|Passion\w*|Job|Salary|Company|Position|Location|Full|Part|Health|Paid"
    r"|Flexible|Our|We|You|This|The|As|In|For|If"
    r"|Deep|Effective|Exceptional|Outstanding|Professional|Relevant|Technical|Comfortable|Willing\w*"
    r"|Background|Certification|Licen[sc]e|Degree|Track|Fluent|Expert\w*|Interest|Additional|Other|Nice"
    r"|Bonus|Defined?|Any)"
)
_JUNCTION = re.compile(r"[A-Z](?<=[a-zA-Z.;:!?)][A-Z])(?=[a-zA-Z])")
_AFTER_STOP = re.compile(r"[A-Z][a-z]{2}")
_STARTER = re.compile(rf"{_STARTERS}\b")
_LOWER_3 = re.compile(r"[a-z]{3}")
_UPPER_5 = re.compile(r"[A-Z]{5}")
_UPPER_6 = re.compile(r"[A-Z]{6}")
_CAPITALISED = re.compile(r"[A-Z][a-z]{3}")
_CAMEL = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})")
_BRAND = re.compile(
    r"\b(?:(?:Java|Type|Coffee|Live|Action|Apple|Apps?)Script|Power(?:Point|Shell|Apps|Automate|Builder)"
    r"|Linked[Ii]n|Git[Hh]ub|Git[Ll]ab|You[Tt]ube|Share[Pp]oint|Quick[Bb]ooks|Word[Pp]ress|Hub[Ss]pot"
    r"|Auto(?:Cad|Desk)"
    r"|Sales(?:Force|Loft)|Service(?:Now|Titan)|Face[Bb]ook|Post[Gg]re\w*|Mongo\w*|Maria\w*|Dynamo\w*"
    r"|Cloud\w+|Data[A-Z]\w+|Docu[Ss]ign|Zoom[Ii]nfo|Doc[Uu]\w*|Snow[Ff]lake|Tensor[Ff]low|Elastic[Ss]earch"
    r"|Big[Qq]uery|Star[Bb]ucks|Net[Ss]uite|Work[Dd]ay"
    r"|Mail[Cc]himp|Survey[Mm]onkey|Smart[Ss]heet|Click[Uu]p|Share[Ff]ile|Master[Cc]ard|Door[Dd]ash|Pay[Pp]al"
    r"|Git[Oo]ps|Dev(?:Ops|Sec\w*)|Light[Gg]\w*|Micro(?:Station|Strategy)|Solid[Ww]orks|Open[A-Z]\w+"
    r"|Red[Hh]at|Spring[Bb]oot|Type[Ff]orm|Web[A-Z]\w+|After[Ee]ffects|In[Dd]esign|Photo[Ss]hop)\b"
)
_SENTENCE = re.compile(
    r"(?<=[a-z0-9)%\"”][.!?;])(?<!e\.g\.)(?<!i\.e\.)(?<!\betc\.)(?<!\bInc\.)(?<!\bMr\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bvs\.) +(?=[A-Z(•*\d-])"
)
_INLINE_BULLET = re.compile(r"(?<=\S) +(?=[•·▪●■◦‣❖➢✔✓►] ?\S)")
_INLINE_DASH = re.compile(r"(?<=[a-z.;:,)]) +(?=[-*–] (?:[A-Z]|[a-z]{3}))")
_T_MODIFIER = (
    r"(?:Key|Job|Core|Primary|Essential|Major|Your|Main|Position|Role|Technical|Minimum|Preferred|Required"
    r"|Basic|Desired|Additional|Other|Special|General|Specific)"
)
_T_NOUN = (
    r"(?:Responsibilities|Duties|Accountabilities|Qualifications?|Requirements?|Skills|Experience|Education"
    r"|Knowledge|Abilities|Competencies|Certifications?|Training)"
)
_TITLE_HEADING = re.compile(
    rf"(?:(?:{_T_MODIFIER}(?: |/ ?)){{1,3}}{_T_NOUN}(?:(?:, | [Aa]nd | & |/|, [Aa]nd ){_T_NOUN}){{0,3}}|{_T_NOUN}(?:(?:, "
    rf"| [Aa]nd | & |/|, [Aa]nd ){_T_NOUN}){{1,3}}|Responsibilities|Duties|Requirements|Qualifications"
    rf"|Nice [Tt]o [Hh]ave|Bonus [Pp]oints"
    r"|What [Yy]ou(?:'ll| [Ww]ill) (?:[Dd]o|[Nn]eed|[Bb]ring|[Bb]e [Dd]oing)|What [Ww]e(?:'re| [Aa]re) [Ll]ooking [Ff]or"
    r"|Who [Yy]ou [Aa]re|(?:All )?About (?:[Uu]s|[Yy]ou|[Tt]he (?:[Rr]ole|[Tt]eam|[Jj]ob))|What [Ww]e [Oo]ffer"
    r"|(?:Job|Position|Role|Company) (?:Description|Summary|Overview)|Perks (?:and|&) Benefits|Benefits)(?: [Ii]nclude)?(?=:"
    r"| [A-Z•*\d-]|[A-Z][a-z]|\d)"
)
_C_NOUN = (
    r"(?:DUTIES|RESPONSIBILITIES|REQUIREMENTS?|QUALIFICATIONS?|SKILLS?|EXPERIENCE|EDUCATION|ABILITIES|KNOWLEDGE|COMPETENCIES|BENEFITS"
    r"|SUMMARY|DESCRIPTION|OVERVIEW|CERTIFICATIONS?)"
)
_CAPITAL_HEADING = re.compile(
    rf"(?:[A-Z]{{2,}}(?:,? AND |,? OR |, ?| ?/ ?| ?& ?| )){{0,5}}{_C_NOUN}(?=:|[ –-]{{0,3}}[A-Z][a-z]|[ –-]{{0,3}}A [a-z]|\d)"
)
"""A heading in capitals before what is not in capitals ("DUTIES AND RESPONSIBILITIESThe ...")."""
_BEFORE_HEADING = re.compile(r"(?:^|[.!?:;)\"]|[a-z]{3}) ?$")
_NEW_ITEM = re.compile(
    rf"(?<=[a-z)\d] )(?={_STARTERS} [a-z])|(?<=[a-z)\d] )(?=[A-Z][a-z]{{3,9}}(?:ing|es|s) (?:the|an?|all"
    rf"|our|their|your|with|that|to|new|any|on)\b)"
)
_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,5}$")
_STARTER_AFTER_ACRONYM = re.compile(rf"{_STARTERS}(?:'[a-z]{{1,2}})?,? [a-z]|So, |(?:What|Who|Why|About)(?:'s)? [A-Z][a-z]")
_YEARS_GLUED = re.compile(r"(?<=[a-z]{3}|[a-z]{2}[.;:)])(?=\d{1,2}\+? ?(?:(?:-|to) ?\d{1,2}\+? ?)?(?:years?|yrs?)\b)")
_DEGREE_OF = re.compile(r"(?:'s?|\b(?:[Bb]achelors?|[Mm]asters?|[Aa]ssociates?|[Cc]ollege|[Uu]niversity|[Dd]octora\w+|[Aa]dvanced)) $")
# The employer's name right before "is an equal opportunity employer": one word, and what marks a firm.
_EQUAL = re.compile(
    r"(?:(?:[A-Z][\w.&'-]*,?(?: (?:Inc|LLC|Ltd|Corp|Group|Company)\b\.?)?) (?:is|are)|(?:We|we)(?: are|'re))"
    r"(?: (?:an?|the|proud|committed|pleased|also|to|be|being|equal|employment|employer|opportunity)){0,6} "
    r"[Ee]qual(?: |-)(?:[Ee]mployment )?[Oo]pportunit|(?<=[.!] )All qualified applicants will"
)
_AFTER_EQUAL = re.compile(
    r"[Ee]qual(?: |-)(?:[Ee]mployment )?[Oo]pportunity(?:[ /][\w/]+){0,4}[.!] *"
    r"(?=(?:Must|Experience|Strong|Ability|Knowledge|Proficien\w+|Requirements?|Qualifications?|Minimum|Required|Preferred|Fluent"
    r"|Bachelor\S*|Master\S*|Licen[sc]\w+)\b)"
)
_COLON_HEADING = re.compile(r"(?:^|(?<=[.!?;)*] )|(?<=\n))\W{0,4}([A-Za-z][A-Za-z'’&/, -]{2,60}?)(?: ?\([\w ]{2,25}\))? ?:(?=\s|[A-Z])")

# The labels that job boards put into one line with what they label; one alone may be part of a sentence.
_BOARD_LABEL = re.compile(
    rf"(?<=\S )(?:{_T_MODIFIER} )?(?:Job Types?|Position Type|Employment Type|Pay|Salary|Benefits|Schedule|Shift|Experience|Education"
    r"|License/Certification|Licenses?|Languages?|(?:Work )?Location|Duration|(?:Job )?Description|Skills|Requirements|Qualifications"
    r"|Responsibilities|Duties|Supplemental Pay|Ability to (?:[Cc]ommute|[Rr]elocate)[\w/ ]*):(?: |$)"
)
_BOARD_LABELS = 2


def _glued(line: str, at: int) -> bool:
    """Whether a line end was lost at a capital behind a letter or a stop: "experience)Must", "skillsStrong", "DUTIESBuild"."""
    before = line[at - 1]
    if before.islower():
        return bool(_LOWER_3.match(line, max(0, at - 3)) and _STARTER.match(line, at))
    if before.isupper():
        if _ACRONYM.search(line, max(0, at - 6), at) and _STARTER_AFTER_ACRONYM.match(line, at):
            return True
        return bool(_UPPER_6.match(line, max(0, at - 6)) and _CAPITALISED.match(line, at))
    return bool(_AFTER_STOP.match(line, at)) and (line[at - 2 : at - 1].islower() or before == ")")


def _headings(line: str, start: int, end: int) -> list[int]:
    """Where headings begin and end in a piece of a line."""
    places: list[int] = []
    piece = line[start:end]
    for m in _COLON_HEADING.finditer(piece) if ":" in piece else ():
        if _PHRASES.fullmatch(m.group(1).strip().replace("’", "'")):
            places += [m.start(1), m.end()]
    first = len(piece) - len(piece.lstrip(" •*-"))
    if len(piece) > _LONG:
        titles = [m for m in _TITLE_HEADING.finditer(piece) if m.start() == first or _follows_an_end(piece, m.start())]
    else:
        opening = _TITLE_HEADING.match(piece, first) if piece[first : first + 1].isupper() else None
        titles = [opening] if opening else []
    if _UPPER_5.search(piece):
        titles += [m for m in _CAPITAL_HEADING.finditer(piece) if m.start() == first or _follows_an_end(piece, m.start())]
    for m in titles:
        places += [m.start(), m.end() + (piece[m.end() : m.end() + 1] == ":")]
    return [start + p for p in places]


def _follows_an_end(text: str, at: int) -> bool:
    return _BEFORE_HEADING.search(text, max(0, at - 4), at) is not None


def _cuts_of_long(line: str, places: Sequence[int]) -> list[int]:
    """Where sentences, bullets and items begin in a long line that is cut at `places` already."""
    found = [m.end() for m in _SENTENCE.finditer(line)]
    for marks in (_INLINE_BULLET, _INLINE_DASH):
        ends = [m.end() for m in marks.finditer(line)]
        found += ends if len(ends) > 2 else []
    camel = [m.start() for m in _CAMEL.finditer(line)]
    if len(camel) > 2:
        camel = [m.start() for m in _CAMEL.finditer(_BRAND.sub(lambda m: "x" * len(m.group()), line))]
    found += camel if len(camel) > 2 else []
    edges = sorted({0, *places, *found, len(line)})
    found += [
        m.end()
        for a, b in pairwise(edges)
        if b - a > _LONG
        for m in _NEW_ITEM.finditer(line, a + 1, b)
        if not (line.startswith("Degree", m.end()) and _DEGREE_OF.search(line, a, m.end()))
    ]
    return found


def cuts(line: str) -> list[int]:
    """Where a line must be cut into lines of its own: glued list items, and, in long lines, sentences, bullets and headings."""
    places = [m.start() for m in _JUNCTION.finditer(line) if _glued(line, m.start())]
    if "year" in line or "yr" in line:
        places += [m.end() for m in _YEARS_GLUED.finditer(line)]
    places += _headings(line, 0, len(line))
    if "qual" in line:
        places += [m.start() for m in _EQUAL.finditer(line) if any(w.islower() for w in line[: m.start()].split())]
        places += [m.end() for m in _AFTER_EQUAL.finditer(line)]
    if len(line) > _LONG:
        places += _cuts_of_long(line, places)
    labels = [m.start() for m in _BOARD_LABEL.finditer(line)] if line.count(":") >= _BOARD_LABELS else []
    if len(labels) >= _BOARD_LABELS:
        places += labels
    if not places:
        return []
    edges = sorted({0, *places, len(line)})
    if len(edges) > 2:
        places += [p for a, b in pairwise(edges) for p in _headings(line, a, b)]
    brands = [m.span() for m in _BRAND.finditer(line)] if places else []
    return sorted({p for p in places if 0 < p < len(line) and not any(a < p < b for a, b in brands)})
