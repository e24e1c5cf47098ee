"""From Python: read a posting, choose a plan, and look into the answer."""

from datetime import date
from pathlib import Path

from credgap import HeldSkill, Limits, Profile, advise, load
from credgap import posting as postings
from credgap.report import render
from credgap.requirements import find
from credgap.skills import index

catalogue = load()
names = index(catalogue.skills)  # takes a second or two: build it once, use it for many postings

posting = postings.load(Path("examples/data-analyst.txt"))[0]
wants = find(posting, names)
for r in wants.requirements:
    print(r.importance, r.name, r.level, r.mentions[0].quote)

person = Profile(skills=(HeldSkill(skill="microsoft-excel", level=3, years=4),), hours_per_week=6)
limits = Limits(today=date(2026, 11, 22), budget=300, hours=200)
report = advise(wants, person, catalogue, limits=limits)

assert report.verdict is not None
assert report.choice is not None
plan = report.choice.plan
print(report.verdict.answer, f"{plan.cover_before:.0%} -> {plan.cover_after:.0%}", plan.cost.net, plan.cost.currency, plan.status)
for step in plan.steps:
    print(step.name, step.cost, step.start, step.end, [(c.name, c.start, c.end) for c in step.closes])

Path("plan.html").write_text(render([report], "html", catalogue=catalogue), encoding="utf-8")
