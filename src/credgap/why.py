"""One credential beside the plan -> Why: where it stands, and what beat it."""

from __future__ import annotations

from credgap import candidates as pools
from credgap import plan
from credgap.errors import DoesNotFitError
from credgap.models import Catalogue, Choice, Gap, Limits, Outline, Profile, Why
from credgap.pricing import money
from credgap.trust import trust


def explain(credential: str, choice: Choice, gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> Why:
    """Where a credential of the catalogue stands beside the plan chosen for the same gap and limits."""
    known = catalogue.credential[credential]
    in_plan = any(s.credential == credential for s in choice.plan.steps)
    place = next((n for n, r in enumerate(choice.ranking, 1) if r.credential == credential), None)
    ranked = choice.ranking[place - 1] if place else None
    chosen = _chosen(choice)
    reasons: list[str] = []
    with_it: Outline | None = None
    if in_plan:
        step = next(s for s in choice.plan.steps if s.credential == credential)
        reasons.append(f"It is step {step.order} of the plan; without it the fit would be {step.lost_without:.0%} lower.")
    elif any(h.id == credential for h in profile.credentials):
        reasons.append("The profile holds it already.")
    elif ranked is None:
        reasons.append("It is about nothing that is asked and not yet held: it would add nothing.")
    else:
        try:
            pool, ids, _ = plan.best(gap, profile, catalogue, limits.model_copy(update={"include": (*limits.include, credential)}))
        except DoesNotFitError:
            reasons.append(f"No plan can hold it: {ranked.why_not or 'with what the plan must have it does not fit the limits'}.")
        else:
            with_it = plan.outline(pool, ids)
            reasons += _beaten(with_it, chosen, pools.value(pool, ()), limits, pools.slack(pool, chosen.objective))
    return Why(
        credential=credential,
        name=known.name,
        in_plan=in_plan,
        place=place,
        of=len(choice.ranking),
        ranked=ranked,
        trust=trust(known, catalogue),
        with_it=with_it,
        plan=chosen,
        reasons=tuple(reasons),
    )


def _chosen(choice: Choice) -> Outline:
    made = choice.plan
    return Outline(
        credentials=tuple(s.credential for s in made.steps),
        names=tuple(s.name for s in made.steps),
        cover=made.cover_after,
        net=None if made.cost.at_least else made.cost.net,
        hours=made.hours,
        objective=made.objective,
    )


def _beaten(with_it: Outline, chosen: Outline, empty: float, limits: Limits, slack: float) -> list[str]:
    """What the best plan has over the best one that holds the credential."""
    if not chosen.credentials:
        short = empty - with_it.objective
        return [f"The best plan with it is {short:.2f} (in required skills) worse than taking nothing: it adds less than it must bring."]
    worse = chosen.objective - with_it.objective
    reasons = [f"What beat it: {', '.join(chosen.names)}."]
    if worse > slack + pools.HAIR:
        reasons.append(f"The best plan with it reaches {worse:.2f} less (in required skills), beyond the slack of {slack:.2f}.")
    else:
        reasons.append("The best plan with it is within the slack of the best one, and loses by its price or what follows in the order.")
    if with_it.net is not None and chosen.net is not None and with_it.net != chosen.net:
        more = with_it.net - chosen.net
        reasons.append(f"It costs {money(abs(more), limits.currency)} {'more' if more > 0 else 'less'} than the plan.")
    if with_it.hours != chosen.hours:
        more = with_it.hours - chosen.hours
        reasons.append(f"It takes {abs(more):,.0f} hours {'more' if more > 0 else 'less'} than the plan.")
    reasons.append(f"The fit would be {with_it.cover:.0%} instead of {chosen.cover:.0%}.")
    return reasons
