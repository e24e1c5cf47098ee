"""A Report -> JSON for machines. Keys are only added within a format version; numbers are not rounded.

Versions: 1, the first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from credgap.models import Catalogue, Choice, Closing, Gap, Mention, Plan, Report, Requirements, Step

FORMAT_VERSION = 1


def document(reports: Sequence[Report], catalogue: Catalogue, *, many: bool) -> str:
    """One indented document: the one report, or `results` where the input can hold several."""
    bodies = [_body(r, catalogue) for r in reports]
    whole: dict[str, Any] = {"format_version": FORMAT_VERSION, "command": reports[0].command}
    whole |= {"results": bodies} if many else bodies[0]
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def lines(reports: Sequence[Report], catalogue: Catalogue) -> str:
    """A line for each report, in input order."""
    return "".join(
        json.dumps({"format_version": FORMAT_VERSION, "command": r.command, **_body(r, catalogue)}, ensure_ascii=False) + "\n"
        for r in reports
    )


def _body(report: Report, catalogue: Catalogue) -> dict[str, Any]:
    wants = report.requirements
    head: dict[str, Any] = {"id": wants.id, "source": wants.source, "title": wants.title}
    if report.failure is not None:
        return head | {"error": report.failure, "unknown_terms": _unknown(wants), "warnings": list(wants.warnings)}
    if report.command == "extract":
        return head | _requirements(wants)
    assert report.gap is not None, "every command but extract sets it"
    assert report.verdict is not None, "every command but extract sets it"
    body = head | {
        "verdict": {"answer": report.verdict.answer, "reasons": list(report.verdict.reasons), "threshold": report.threshold},
        "nearer_goals": [{"goal": g, "fit": fit} for g, fit in report.nearer_goals],
        "gap": _gap(report.gap),
        **_stated(wants),
    }
    if report.frontiers:
        frontiers = [f.model_dump(mode="json") for f in report.frontiers]
        return body | {"frontiers": frontiers, "together": _together(report), "warnings": list(wants.warnings)}
    if report.why is not None:
        return body | {"why": report.why.model_dump(mode="json"), "together": _together(report), "warnings": list(wants.warnings)}
    if report.choice is None:
        return body | {"unknown_terms": _unknown(wants), "warnings": list(wants.warnings)}
    return (
        body
        | _choice(report.choice, catalogue)
        | {"together": _together(report), "since": list(report.since)}
        | {"unknown_terms": _unknown(wants), "warnings": [*wants.warnings, *report.choice.warnings]}
    )


def _together(report: Report) -> list[dict[str, Any]]:
    return [p.model_dump(mode="json") for p in report.together]


def _stated(wants: Requirements) -> dict[str, Any]:
    """Closing date and pay, where a posting states them; None else. A `date` of None is a date that cannot be told for sure."""
    return {
        "closing": wants.closing.model_dump(mode="json") if wants.closing else None,
        "pay": wants.pay.model_dump(mode="json") if wants.pay else None,
    }


def _requirements(wants: Requirements) -> dict[str, Any]:
    return {
        "requirements": [
            {
                "skill": r.skill,
                "name": r.name,
                "kind": r.kind,
                "importance": r.importance,
                "level": r.level,
                "years": r.years,
                "group": r.group,
                "confidence": r.confidence,
                "how": r.how,
                "mentions": [_mention(m) for m in r.mentions],
            }
            for r in wants.requirements
        ],
        "gates": [
            {"kind": g.kind, "text": g.text, "hard": g.hard, "start": g.start, "end": g.end, "line": g.line}
            | {"skill": g.skill, "degree": g.degree, "years": g.years}
            for g in wants.gates
        ],
        "negated": [{"skill": n.skill, "mentions": [_mention(m) for m in n.mentions]} for n in wants.negated],
        "degree": wants.degree,
        **_stated(wants),
        "unknown_terms": _unknown(wants),
        "warnings": list(wants.warnings),
    }


def _mention(m: Mention) -> dict[str, Any]:
    return {"text": m.text, "start": m.start, "end": m.end, "line": m.line, "quote": m.quote}


def _unknown(wants: Requirements) -> list[dict[str, Any]]:
    return [{"text": u.text, "start": u.start, "end": u.end, "line": u.line} for u in wants.unknown_terms]


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "fit": gap.fit,
        "total_weight": gap.total,
        "profile_empty": gap.profile_empty,
        "requirements": [
            {
                "skill": n.skill,
                "name": n.name,
                "kind": n.kind,
                "importance": n.importance,
                "level": n.level,
                "years": n.years,
                "weight": n.weight,
                "group": n.group,
                "held": n.held,
                "counted": n.counted,
                "why_uncounted": n.why_uncounted,
                "confidence": n.confidence,
                "mentions": [_mention(m) for m in n.mentions],
            }
            for n in gap.needs
        ],
        "gates": [{"kind": g.gate.kind, "text": g.gate.text, "hard": g.gate.hard, "state": g.state, "why": g.why} for g in gap.gates],
    }


def _choice(choice: Choice, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "plan": _plan(choice.plan, catalogue),
        "ranking": [
            {
                "credential": r.credential,
                "name": r.name,
                "score": r.score,
                "cover_gain": r.cover_gain,
                "cost": r.cost,
                "hours": r.hours,
                "hours_estimated": r.hours_estimated,
                "trust": r.trust,
                "fits": r.fits,
                "why_not": r.why_not,
                "closes": [_closing(c) for c in r.closes],
            }
            for r in choice.ranking
        ],
        "not_closed": [
            {"skill": n.skill, "name": n.name, "importance": n.importance, "route": n.route, "advice": n.advice}
            | {"tutorial": n.tutorial.model_dump(mode="json") if n.tutorial else None}
            for n in choice.not_closed
        ],
        "changes": [c.model_dump(mode="json") for c in choice.changes],
        "alternatives": [a.model_dump(mode="json") for a in choice.alternatives],
    }


def _plan(plan: Plan, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "status": plan.status,
        "reason": plan.reason,
        "objective": plan.objective,
        "bound": plan.bound,
        "cover_before": plan.cover_before,
        "cover_after": plan.cover_after,
        "cost": plan.cost.model_dump(mode="json"),
        "hours": plan.hours,
        "hours_at_least": plan.hours_at_least,
        "weeks": plan.weeks,
        "finish": plan.finish.isoformat() if plan.finish else None,
        "steps": [_step(s, catalogue) for s in plan.steps],
        "subscriptions": [s.model_dump(mode="json") for s in plan.subscriptions],
        "payments": [p.model_dump(mode="json") for p in plan.payments],
        "renewals": [r.model_dump(mode="json") for r in plan.renewals],
    }


def _step(step: Step, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "order": step.order,
        "credential": step.credential,
        "name": step.name,
        "provider": step.provider,
        "url": step.url,
        "offer": step.offer,
        "closes": [_closing(c) for c in step.closes],
        "cost": step.cost,
        "hours": step.hours,
        "hours_estimated": step.hours_estimated,
        "start": step.start.isoformat() if step.start else None,
        "end": step.end.isoformat() if step.end else None,
        "trust": step.trust.value,
        "trust_parts": [{"part": name, "value": value} for name, value in step.trust.parts],
        "why": list(step.why),
        "lost_without": step.lost_without,
        "refund": step.refund,
        "aid": step.aid,
        "counts_toward": list(step.counts_toward),
        "credit": step.credit,
        "sources": [s.model_dump(mode="json") for s in catalogue.sources(catalogue.credential[step.credential], step.offer)],
    }


def _closing(c: Closing) -> dict[str, Any]:
    return {"skill": c.skill, "name": c.name, "from": c.start, "to": c.end}
