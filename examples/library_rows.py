"""From Python: a whole table at once. Takes pandas, polars and Arrow tables; needs pip install "credgap[files]"."""

from datetime import date

import pyarrow.json

from credgap import HeldSkill, Limits, Profile, batch, load

table = pyarrow.json.read_json("examples/tables/postings.jsonl")
rows = batch.frame(
    table,
    load(),
    limits=Limits(today=date(2026, 11, 22), budget=300),
    what="plan",
    person=Profile(skills=(HeldSkill(skill="sql"), HeldSkill(skill="microsoft-excel", level=3))),
    carry=["region"],
)
print(rows.select(["id", "region", "verdict", "fit_before", "fit_after", "steps"]).to_pylist()[:3])
