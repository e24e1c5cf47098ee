"""What a posting asks for: importance, level, years, alternatives, negation, gates and unknown terms."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from credgap import catalogue, posting, requirements, skills
from credgap.models import Requirement, Requirements, Skill

CASES = Path(__file__).parent / "cases"
HARD = {
    "data": "Python;SQL;PostgreSQL;Tableau;Power BI;Statistics;R=programming|statistics|SQL",
    "software": "Java;JavaScript;C#;Rust=programming;Go=programming;Docker;Kubernetes;Terraform;HTML;CSS",
    "cloud": "AWS;Azure;Google Cloud",
    "office": "Excel;Microsoft Excel;PowerPoint;Sage;Epic",
    "finance": "Payroll;Bookkeeping;Financial modeling;Budgeting;Forecasting",
    "healthcare": "Triage;Patient assessment",
    "project": "Project management;Agile;Scrum",
}
OTHER = {
    "soft": "Communication;Teamwork",
    "certification": "PMP;AWS Certified Solutions Architect;FPC;BLS;ACLS;CISSP;CISM",
    "human_language": "English;Spanish",
    "licence": "RN license",
}


def skill(name: str, kind: str, category: str) -> Skill:
    name, _, needs = name.partition("=")
    rule = {"needs": needs.split("|"), "case": True} if needs else {}
    return Skill.model_validate(
        {
            "id": skills.fold(name).replace(" ", "-").replace("#", "-sharp"),
            "name": name,
            "kind": kind,
            "category": category,
            "name_rule": rule,
        }
    )


BUILT_IN = skills.index(catalogue.load().skills)
INDEX = skills.index(
    [
        *(skill(n, "hard", category) for category, names in HARD.items() for n in names.split(";")),
        *(skill(n, kind, "data") for kind, names in OTHER.items() for n in names.split(";")),
    ]
)


def find(text: str) -> Requirements:
    return requirements.find(posting.read(text, id="p", source="test"), INDEX)


def one(text: str, name: str) -> Requirement:
    return next(r for r in find(text).requirements if r.skill == name)


def importances(text: str) -> dict[str, str]:
    return {r.skill: r.importance for r in find(text).requirements}


@pytest.mark.parametrize("case", sorted(CASES.glob("extract_*")), ids=lambda p: p.name)
def test_case(case: Path) -> None:
    """The whole of what is read out of a posting; CREDGAP_ACCEPT=1 writes it anew, to be read in the diff."""
    result = requirements.find(posting.read((case / "posting.txt").read_text(), id=case.name, source="posting.txt"), INDEX)
    seen = json.loads(
        result.model_dump_json(
            exclude={"id": True, "source": True, "requirements": {"__all__": {"name", "kind", "weight"}}}, exclude_defaults=True
        )
    )
    file = case / "expected.json"
    if os.environ.get("CREDGAP_ACCEPT"):
        file.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n")
    assert seen == json.loads(file.read_text())


IMPORTANCE = [
    ("Requirements\nSQL\nNice to have\nTableau\nDuties\nUse Excel", {"sql": "required", "tableau": "preferred", "excel": "context"}),
    ("Requirements\nSQL required, Tableau preferred", {"sql": "required", "tableau": "preferred"}),
    ("Requirements\nTableau (a plus)\nSQL", {"tableau": "preferred", "sql": "required"}),
    ("Requirements\nSQL (PostgreSQL preferred)", {"sql": "required", "postgresql": "preferred"}),
    ("Requirements\n(Bonus) Docker on small machines", {"docker": "preferred"}),
    ("Requirements\nIdeally you know Docker", {"docker": "preferred"}),
    ("Requirements\nDocker is not required, but helpful", {"docker": "preferred"}),
    ("Preferred qualifications\nMust have SQL\nDocker", {"sql": "required", "docker": "preferred"}),
    ("Duties\nBuild things in Docker\nExperience with SQL", {"docker": "context", "sql": "required"}),
    ("Duties\nUse SQL\nRequirements\nSQL", {"sql": "required"}),
    ("You will be responsible for payroll.\nExperience with Excel needed.", {"payroll": "context", "excel": "required"}),
    ("You have five years of practice with Excel.", {"excel": "required"}),
    ("Requirements\nBachelor's degree in Statistics or Payroll required. Excel.", {"excel": "required"}),
    ("About us\nWe love SQL and Python\nRequirements\nExcel", {"excel": "required"}),
    ("Requirements\nExcel\nWhat we offer\nPython classes", {"excel": "required"}),
    ("What we offer\nPaid leave and Python classes\nMaintain reports in Excel.", {"excel": "context"}),
    ("What we offer\nDevelop your skills in Python\nYou are proficient in Excel.", {"excel": "required"}),
    ("Requirements\nExcel\nAll qualified applicants who know SQL get equal employment.", {"excel": "required"}),
    ("Epic is hiring.\nYou will help to build Epic every day\nRequirements\nExcel", {"excel": "required"}),
    ("Epic is a leading software company.\nRequirements\nExcel", {"excel": "required"}),
]


@pytest.mark.parametrize(("text", "expected"), IMPORTANCE, ids=[t.replace("\n", "|")[:60] for t, _ in IMPORTANCE])
def test_importance(text: str, expected: dict[str, str]) -> None:
    """By the section, by words in the line, by the strongest mention; company, benefits, legal text and fields of study ask for nothing."""
    assert importances(text) == expected


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("SQL", 2),
        ("Familiarity with SQL", 1),
        ("Basic understanding of SQL", 1),
        ("Exposure to SQL", 1),
        ("Expert in SQL", 3),
        ("Advanced Python and SQL", 3),
        ("Deep knowledge of SQL", 3),
        ("SQL (advanced)", 3),
        ("Expert in Python, familiarity with SQL", 1),
        ("Deep knowledge of payroll. SQL", 2),
    ],
)
def test_level(line: str, level: int) -> None:
    assert one(f"Requirements\n{line}", "sql").level == level


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("3+ years of Python", 3),
        ("At least three (3) years of experience with Python", 3),
        ("3-5 years of experience in SQL, Docker and Python", 3),
        ("Python (3+ years)", 3),
        ("Python: 3 years", 3),
        ("3 years in sales. Python", None),
        ("3 years in sales, knows Python", None),
        ("Python for people over 18 years of age", None),
    ],
)
def test_years_of_that_very_skill(line: str, years: float | None) -> None:
    assert one(f"Requirements\n{line}", "python").years == years


def grouped(text: str) -> list[set[str]]:
    groups: dict[int, set[str]] = {}
    for r in find(text).requirements:
        if r.group is not None:
            groups.setdefault(r.group, set()).add(r.skill)
    return list(groups.values())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tableau or Power BI", [{"tableau", "power-bi"}]),
        ("One of Java, Python, C#", [{"java", "python", "c-sharp"}]),
        ("AWS/Azure/Google Cloud", [{"aws", "azure", "google-cloud"}]),
        ("A cloud (such as AWS, Azure or Google Cloud)", [{"aws", "azure", "google-cloud"}]),
        ("Tableau, Power BI or similar tools", [{"tableau", "power-bi"}]),
        ("CISSP or CISM", [{"cissp", "cism"}]),
        ("Some scripting (e.g. Java, Python, C#)", [{"java", "python", "c-sharp"}]),
        ("A dashboard tool (such as Tableau, Power BI)", [{"tableau", "power-bi"}]),
        ("Cloud platforms (e.g. AWS, Azure)", []),
        ("Two or more of the following: Java, Zonk, Python", [{"java", "python"}]),
        ("Tableau, Zonk tools or Power BI", [{"tableau", "power-bi"}]),
        ("Tableau, Power BI or equal", [{"tableau", "power-bi"}]),
        ("Tableau, with two dogs, or Power BI", []),
        ("Tableau software and/or Power BI", [{"tableau", "power-bi"}]),
        ("HTML, Java or Python, CSS", [{"java", "python"}]),
        ("Java or Python. Tableau or Power BI", [{"java", "python"}, {"tableau", "power-bi"}]),
        ("Tableau and Power BI", []),
        ("Tableau, Power BI", []),
        ("Python or PMP", []),
        ("Java. Or else Python", []),
        ("Agile/SQL", []),
    ],
)
def test_alternatives(line: str, expected: list[set[str]]) -> None:
    """Only of one kind, and only where the line says that one of them will do."""
    assert grouped(f"Requirements\n{line}") == expected


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("No prior AWS experience required", True),
        ("AWS is not required", True),
        ("We don't expect AWS", True),
        ("You do not need AWS or Azure", True),
        ("Works without AWS", True),
        ("AWS is not required but a plus", False),
        ("Not only AWS but Azure", False),
        ("With or without AWS", False),
        ("No degree needed. AWS", False),
        ("AWS required, no exceptions", False),
    ],
)
def test_negation(line: str, gone: bool) -> None:
    result = find(f"Requirements\n{line}")
    assert ("aws" in {r.skill for r in result.requirements}) is not gone
    assert ("aws" in {n.skill for n in result.negated}) is gone


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("Requirements\nBachelor's degree in Finance", "required"),
        ("Requirements\nBS/BA or equivalent experience", "required"),
        ("Requirements\nBachelor's degree required, master's preferred", "required"),
        ("Requirements\nBachelor's degree preferred", "preferred"),
        ("Nice to have\nMBA", "preferred"),
        ("Requirements\nGraduate of any four-year course", "required"),
        ("Requirements\nPreferably a graduate of Psychology", "preferred"),
        ("Requirements\nGraduate of a vocational school", "none"),
        ("Requirements\nHigh school diploma or GED", "none"),
        ("Requirements\nA high degree of care", "none"),
        ("Requirements\nMust be enrolled in a bachelor's degree program", "none"),
        ("Benefits\n5% more for a bachelor's degree", "none"),
        ("Requirements\nSQL", "none"),
    ],
)
def test_degree(text: str, degree: str) -> None:
    """Or equivalent experience counts as required; a high school diploma is no degree."""
    assert find(text).degree == degree


GATES: list[tuple[str, list[dict[str, Any]]]] = [
    ("Bachelor's degree in Finance", [{"kind": "degree", "hard": True, "degree": "bachelor"}]),
    ("Bachelor's or master's degree", [{"kind": "degree", "hard": True, "degree": "bachelor"}]),
    ("Bachelor's degree or equivalent experience", [{"kind": "degree", "hard": False, "degree": "bachelor"}]),
    ("PhD preferred", [{"kind": "degree", "hard": False, "degree": "doctorate"}]),
    ("High school diploma", [{"kind": "degree", "hard": True, "degree": "high_school"}]),
    ("5+ years of experience in banking", [{"kind": "years", "hard": True, "years": 5.0}]),
    ("5 years of relevant work experience preferred", [{"kind": "years", "hard": False, "years": 5.0}]),
    ("5 years of experience with Python", []),
    ("Studied accounting.2-6 years of related experience", [{"kind": "years", "hard": True, "years": 2.0}]),
    ("Active secret security clearance", [{"kind": "clearance", "hard": True}]),
    ("Security clearance is a plus", [{"kind": "clearance", "hard": False}]),
    ("Valid driver's license", [{"kind": "licence", "hard": True}]),
    ("RN license", [{"kind": "licence", "hard": True, "skill": "rn-license"}]),
    ("Fluent in English", [{"kind": "human_language", "hard": True, "skill": "english"}]),
    ("Spanish is a plus", [{"kind": "human_language", "hard": False, "skill": "spanish"}]),
]


@pytest.mark.parametrize(("line", "expected"), GATES, ids=[g for g, _ in GATES])
def test_gates(line: str, expected: list[dict[str, Any]]) -> None:
    """What no course opens; hard where it is a must, soft where it is preferred or something else will do."""
    keys = ("kind", "hard", "skill", "degree", "years")
    seen = [{k: v for k in keys if (v := getattr(g, k)) is not None} for g in find(f"Requirements\n{line}").gates]
    assert seen == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Duties\nApplicants must have at least 6 years of site experience.", ["6 years of site experience"]),
        ("Duties\nRun the yard, which has 6 years of experience with cranes.", []),
        (
            "Duties\nYou must meet the following requirements for this post.\nRN license\n6 years working on wards\nDuties:\nWalk",
            ["RN license", "6 years working on wards"],
        ),
        (
            "Requirements\n4 years of experience in running or supporting the day-to-day payroll of some mid-sized and rather "
            "quickly growing multi-site organisations",
            ["4 years of experience in running or supporting the day-to-day payroll"],
        ),
        ("Requirements\nMaster's or PhD in economics", ["Master's"]),
    ],
)
def test_a_gate_is_a_whole_phrase_wherever_it_is_demanded(text: str, expected: list[str]) -> None:
    assert [g.text for g in find(text).gates if g.hard] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Requirements\nSend a follow up email with your Excel resume to Talent Acquisition",
        "Requirements\nWhether through Tableau classes or leadership, we invest in your success",
        "Requirements\nYou will complete the Excel employment eligibility verification form",
        "Requirements\nOur Culture & Commitment: At Acme, we live by Agile\nWe foster teamwork",
    ],
)
def test_prose_about_the_firm_or_how_to_apply_asks_for_nothing(text: str) -> None:
    assert "required" not in importances(text).values()


def test_what_is_glued_to_the_words_of_an_equal_opportunity_employer_is_still_asked() -> None:
    text = "Requirements\nFluent in English and good with Excel Acme Inc. is proud to be an Equal Opportunity Employer. Must know SQL."
    assert importances(text) == {"english": "required", "excel": "required", "sql": "required"}


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("Experience with Python, Quarkwright and SQL", "Quarkwright"),
        ("Knowledge of ZXQ", "ZXQ"),
        ("Proficient in Vellum Studio", "Vellum Studio"),
        ("Tools (e.g. Borrowdale, Excel)", "Borrowdale"),
    ],
)
def test_unknown_terms_stand_where_skills_stand(line: str, term: str) -> None:
    assert [u.text for u in find(f"Requirements\n{line}").unknown_terms] == [term]


@pytest.mark.parametrize(
    "text",
    [
        "Requirements\nStrong work ethic and a good team",
        "About us\nWe are known for Quarkwright",
        "Requirements\nExperience in New York",
    ],
)
def test_ordinary_words_are_no_unknown_terms(text: str) -> None:
    assert not find(text).unknown_terms


def test_a_name_broken_by_a_line_end_in_the_given_text_is_no_mention() -> None:
    assert not find("<p>Requirements:</p><p>Power<b\n> BI</b></p>").requirements
    assert find("<p>Requirements:</p><p>Power<b> BI</b></p>").requirements


def test_the_line_of_a_mention_is_the_one_in_the_given_text() -> None:
    assert one("<p>Requirements:</p><ul><li\n>Excel<b\n>,</b> SQL</li></ul>", "sql").mentions[0].line == 3


def test_nothing_recognised_is_an_empty_answer_and_no_error() -> None:
    result = find("ajsdhkajsdh")
    assert result.requirements == ()
    assert result.gates == ()


def test_the_same_text_gives_the_same_answer() -> None:
    text = (CASES / "extract_backend_markdown" / "posting.txt").read_text()
    assert find(text) == find(text)


def test_of_degrees_that_will_each_do_only_the_least_is_a_must() -> None:
    text = "Requirements\nBachelor's degree and 9 years of experience in logistics\nMaster's degree and 7 years of experience in logistics"
    gates = find(text).gates
    assert [(g.degree, g.hard) for g in gates if g.kind == "degree"] == [("bachelor", True), ("master", False)]
    assert [g.years for g in gates if g.kind == "years"] == [7.0]


MEANT = [
    (
        "Duties\n- Build reports in SQL and Excel\n- Work closely with the Legal, Finance and Human Resources teams",
        {"finance", "human-resources"},
    ),
    ("About the role\nYou will report to the Java Developer team lead.\nRequirements\n- Experience with Excel", {"java"}),
]


@pytest.mark.parametrize(("text", "not_these"), MEANT, ids=["departments", "titles"])
def test_departments_and_titles_are_not_asked_for(text: str, not_these: set[str]) -> None:
    wanted = requirements.find(posting.read(text, id="p", source="p"), BUILT_IN)
    assert not not_these & {r.skill for r in wanted.requirements}
    assert "microsoft-excel" in {r.skill for r in wanted.requirements}


def test_a_heading_that_names_a_duty_is_read_as_one() -> None:
    text = "Responsibilities\nBrand management:\nKeep our image as it is.\nData entry:\nType what comes in."
    wanted = requirements.find(posting.read(text, id="p", source="p"), BUILT_IN)
    assert {"brand-management", "data-entry"} <= {r.skill for r in wanted.requirements}


def test_every_find_says_how_sure_it_is_and_how_it_is_known() -> None:
    text = "Requirements\n- Experience with PostgreSQL and Kuberentes\n- Some sales"
    wanted = {r.skill: r for r in requirements.find(posting.read(text, id="p", source="p"), BUILT_IN).requirements}
    assert wanted["postgresql"].how == "exact"
    assert wanted["kubernetes"].how == "misspelling of Kubernetes"
    assert wanted["kubernetes"].confidence <= 0.7 < wanted["postgresql"].confidence
