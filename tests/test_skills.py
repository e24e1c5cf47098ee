"""Finding names of skills: what must match, what must not, and how it is said to be known."""

# ruff: noqa: RUF001  (odd characters are what is tested)

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credgap import posting, requirements, skills
from credgap.models import Skill


def skill(id: str, name: str, *aliases: Any, kind: str = "hard", rule: dict[str, Any] | None = None, generic: bool = False) -> Skill:
    return Skill.model_validate(
        {"id": id, "name": name, "aliases": aliases, "kind": kind, "category": "data", "name_rule": rule or {}, "generic": generic}
    )


VOCABULARY = (
    skill("java", "Java"),
    skill("javascript", "JavaScript", "JS"),
    skill("python", "Python"),
    skill("r", "R", "R programming", rule={"needs": ["statistics", "programming", "tidyverse"], "unless": ["R&D", "R & D"]}),
    skill("rust", "Rust", rule={"needs": ["programming"], "case": True}),
    skill("go", "Go", "Golang", rule={"needs": ["programming", "backend"], "case": True, "unless": ["go-to-market", "Go to", "go live"]}),
    skill("c", "C", rule={"needs": ["programming", "embedded"]}),
    skill("c-plus-plus", "C++"),
    skill("c-sharp", "C#"),
    skill("dot-net", ".NET", "ASP.NET"),
    skill("node-js", "Node.js"),
    skill("microsoft-excel", "Microsoft Excel", {"name": "Excel", "case": True, "unless": ["excel at", "excel in"]}),
    skill("artificial-intelligence", "Artificial intelligence", "AI"),
    skill("sql", "SQL"),
    skill("mysql", "MySQL"),
    skill("kubernetes", "Kubernetes"),
    skill("salesforce", "Salesforce"),
    skill("tableau", "Tableau"),
    skill("project-management", "Project management"),
    skill("data-mining", "Data mining"),
    skill("text-mining", "Text mining"),
    skill("test-plans", "Test plan", "test planning"),
    skill("e-commerce", "E-commerce"),
    skill("data-modeling", "Data modeling"),
    skill("data-visualization", "Data visualization"),
    skill("cost-center", "Cost center accounting"),
    skill("research-and-development", "Research and development"),
    skill("search-engine-optimization", "Search engine optimization", "SEO"),
    skill("product-management", "Product management", {"name": "PM", "needs": ["roadmap"]}),
    skill("rest-apis", "REST API"),
    skill("pmp", "PMP", kind="certification"),
    skill("itil", "ITIL", kind="certification"),
    skill("five-s", "5S"),
    skill("data-cleaning", "Data cleaning"),
    skill("communication", "Communication", kind="soft"),
)
INDEX = skills.index(VOCABULARY)


def found(text: str, index: skills.SkillIndex = INDEX) -> list[tuple[str, str]]:
    p = posting.read(text, id="p", source="test")
    return [(f.skill.id, p.clean[f.start : f.end]) for f in index.find(p)]


def ids(text: str) -> set[str]:
    return {id for id, _ in found(text)}


MUST_NOT = [
    ("We write JavaScript all day", "java"),
    ("We write Java all day", "javascript"),
    ("Rust programming", "r"),
    ("R programming and statistics", "rust"),
    ("Own our Go-to-market strategy for programming tools", "go"),
    ("Go to backend meetings", "go"),
    ("We are ready to go live with the backend", "go"),
    ("You excel at sales", "microsoft-excel"),
    ("Excel in a busy office", "microsoft-excel"),
    ("C++ and C# programming", "c"),
    ("Programming in C#", "c-plus-plus"),
    ("Programming in C++", "c-sharp"),
    ("Maintain the plant", "artificial-intelligence"),
    ("Watch for red flags in statistics", "r"),
    ("R&D with statistics", "r"),
    ("R & D with statistics", "r"),
    ("MySQL", "sql"),
    ("Plan R. Smith's statistics", "communication"),
    ("Mail R@statistics.org about programming", "r"),
    ("The sea, the rust and the salt", "rust"),
    ("See https://example.com/python/kubernetes", "python"),
    ("Tableaux vivants", "tableau"),
    ("javanese dancing", "java"),
    ("Line B5S", "five-s"),
    ("Programming for A.C. Milan", "c"),
    ("The PM of our country", "product-management"),
]


@pytest.mark.parametrize(("text", "not_this"), MUST_NOT, ids=[t for t, _ in MUST_NOT])
def test_must_not_match(text: str, not_this: str) -> None:
    assert not_this not in ids(text)


MUST = [
    ("C++, C#, .NET.", [("c-plus-plus", "C++"), ("c-sharp", "C#"), ("dot-net", ".NET")]),
    ("(Node.js)", [("node-js", "Node.js")]),
    ("NodeJS/Node JS", [("node-js", "NodeJS"), ("node-js", "Node JS")]),
    ("Python (primary)", [("python", "Python")]),
    ("PYTHON 3.11", [("python", "PYTHON")]),
    ("python3", [("python", "python3")]),
    ("PMP or ITIL-certified", [("pmp", "PMP"), ("itil", "ITIL")]),
    ("Go, Rust and Python", [("go", "Go"), ("rust", "Rust"), ("python", "Python")]),
    ("C/C++", [("c", "C"), ("c-plus-plus", "C++")]),
    ("SQL, R", [("sql", "SQL"), ("r", "R")]),
    ("A basic knowledge of sql is helpful, see index.sql", [("sql", "sql")]),
    ("programming in R", [("r", "R")]),
    ("Go for the backend", [("go", "Go")]),
    ("Write test plans", [("test-plans", "test plans")]),
    ("ecommerce, e commerce, E-Commerce", [("e-commerce", "ecommerce"), ("e-commerce", "e commerce"), ("e-commerce", "E-Commerce")]),
    ("data modelling and data visualisation", [("data-modeling", "data modelling"), ("data-visualization", "data visualisation")]),
    ("Cost centre accounting", [("cost-center", "Cost centre accounting")]),
    ("Research & Development", [("research-and-development", "Research & Development")]),
    ("data and text mining", [("data-mining", "data and text mining"), ("text-mining", "text mining")]),
    (
        "search engine optimization (SEO)",
        [("search-engine-optimization", "search engine optimization"), ("search-engine-optimization", "SEO")],
    ),
    ("product management (PM)", [("product-management", "product management"), ("product-management", "PM")]),
    ("REST APIs", [("rest-apis", "REST APIs")]),
    ("JavaScript", [("javascript", "JavaScript")]),
    ("JavaScriptCreate pages", [("javascript", "JavaScript")]),
    ("R, PythonA degree", [("r", "R"), ("python", "Python")]),
    ("skillful in SQL.Strong Java", [("sql", "SQL"), ("java", "Java")]),
    ("html <b>Py</b>thon <br>", [("python", "Python")]),
]


@pytest.mark.parametrize(("text", "expected"), MUST, ids=[t for t, _ in MUST])
def test_must_match(text: str, expected: list[tuple[str, str]]) -> None:
    """The shortest span that names the skill, whatever stands beside it."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We run Kubernates here", "kubernetes"),
        ("We sell with Salesfroce.", "salesforce"),
        ("Reports in Tablaeu", "tableau"),
        ("project managment of sites", "project-management"),
        ("Python, javascirpt, SQL", "javascript"),
    ],
)
def test_misspelt_names_are_found_and_said_to_be_misspelt(text: str, expected: str) -> None:
    p = posting.read(text, id="p", source="test")
    hits = [f for f in INDEX.find(p) if f.skill.id == expected]
    assert [f.how.startswith("misspelling of") for f in hits] == [True]
    assert hits[0].confidence < 0.8


@pytest.mark.parametrize(
    "text",
    [
        "a tableaus",
        "The tables",
        "a product manager",
        "projects managed",
        "Kubernetesless",
        "salesforces",
        "data managements",
        "data clearing",
        "SQL, Kubernits, Java",
    ],
)
def test_ordinary_words_and_other_forms_are_no_misspellings(text: str) -> None:
    p = posting.read(text, id="p", source="test")
    assert not [f for f in INDEX.find(p) if f.how.startswith("misspelling")]


def test_how_and_confidence_say_what_was_seen() -> None:
    p = posting.read("SQL, JS, NodeJS, R", id="p", source="test")
    assert [(f.skill.id, f.how) for f in INDEX.find(p)] == [("sql", "exact"), ("javascript", "alias"), ("node-js", "form"), ("r", "exact")]
    sure = {f.skill.id: f.confidence for f in INDEX.find(p)}
    assert sure["sql"] == 1.0 > sure["r"]


def test_short_names_in_capitals_need_their_capitals_unless_nothing_has_any() -> None:
    assert "artificial-intelligence" in ids("AI for all of us")
    assert "artificial-intelligence" not in ids("Ai Weiwei, the artist")
    assert "sql" in ids("we know sql and nothing else, and write all in small letters")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sql", "sql"),
        ("Go", "go"),
        ("golang", "go"),
        ("excel", "microsoft-excel"),
        ("node js", "node-js"),
        ("c++", "c-plus-plus"),
        (" REST APIs ", "rest-apis"),
        ("dot-net", "dot-net"),
    ],
)
def test_lookup_asks_for_no_evidence(name: str, expected: str) -> None:
    hit = INDEX.lookup(name)
    assert hit is not None
    assert hit.id == expected


def test_lookup_never_guesses_and_nearest_does() -> None:
    assert INDEX.lookup("Javva") is None
    assert INDEX.lookup("") is None
    assert "Kubernetes" in INDEX.nearest("kubernets")
    assert INDEX.nearest("xyzzy") == []


def test_an_index_from_kept_forms_finds_the_same() -> None:
    kept = json.loads(json.dumps(skills.prepare(VOCABULARY)))
    text = "Go, Rust and Python; data and text mining, NodeJS, test plans"
    assert found(text, skills.index(VOCABULARY, kept)) == found(text)


NAMES: Sequence[str] = ["Python", "C++", "C#", ".NET", "Node.js", "data mining", "Kubernates", "R", "SQL"]
BETWEEN = [
    " ",
    ", ",
    "\n",
    "\r\n",
    "<br>",
    "<b>",
    "</b>",
    "&amp;",
    "\u200b",
    "\u00a0",
    "ﬁ",
    "İ",
    " or ",
    "’",
    "(",
    ")",
    ". ",
    "Requirements: ",
    "😀",
    "\ud800",
    "required ",
]


@given(st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(BETWEEN), st.text(max_size=5)), min_size=1, max_size=30).map("".join))
def test_a_mention_is_exactly_what_stands_at_its_offsets_in_the_given_text(text: str) -> None:
    """On one line of it, too, and with the number of that line."""
    if not text.strip():
        return
    result = requirements.find(posting.read(text, id="p", source="test"), INDEX)
    for r in (*result.requirements, *result.negated):
        assert r.mentions
        for m in r.mentions:
            assert text[m.start : m.end] == m.text
            assert "\n" not in m.text
            assert m.line == text.count("\n", 0, m.start) + 1
    for part in (*result.gates, *result.unknown_terms):
        assert text[part.start : part.end] == part.text != ""


FORMS = skills.index(
    (
        skill("budgeting", "Budgeting", "prepare budgets"),
        skill("machines", "Support vector machines", {"name": "SVM", "needs": ["classifier"]}),
        skill("interpretation", "Data interpretation"),
        skill("analysis", "Data analysis"),
        skill("warehousing", "Data warehousing"),
        skill("concepts", "Storage logic", "warehousing concepts"),
        skill("crm", "Customer relationship management", "CRM", "CRM systems"),
        skill("linux", "Linux"),
        skill("git", "Git"),
        skill("c", "C", rule={"needs": ["embedded"]}),
        skill("organized", "Organizational skills", {"name": "organized", "needs": ["skills"]}, kind="soft"),
        skill("training", "Training materials"),
    )
)
FORMS_MUST = [
    ("Prepares budgets", [("budgeting", "Prepares budgets")]),
    ("In charge of preparing budgets", [("budgeting", "preparing budgets")]),
    ("A classifier such as SVMs", [("machines", "SVMs")]),
    ("Data analysis and interpretation", [("analysis", "Data analysis"), ("interpretation", "Data analysis and interpretation")]),
    ("data warehousing concepts", [("warehousing", "data warehousing")]),
    ("CRM systems", [("crm", "CRM")]),
    ("linux C git", [("linux", "linux"), ("c", "C"), ("git", "git")]),
    ("Technologies\nlinux c", [("linux", "linux"), ("c", "c")]),
    ("Technologies\nlinux, see section c", [("linux", "linux")]),
    ("We are looking for an organized and calm analyst.", [("organized", "organized")]),
    ("Requirements\n- You are organized, and calm", [("organized", "organized")]),
    ("The conference was organized by us", []),
    ("What you doData warehousing", [("warehousing", "Data warehousing")]),
    ("Write training matrials", [("training", "training matrials")]),
    ("training meridians", []),
]


@pytest.mark.parametrize(("text", "expected"), FORMS_MUST, ids=[t for t, _ in FORMS_MUST])
def test_forms_of_names_that_nobody_lists(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(text, FORMS)) == sorted(expected)
