"""What people added to a finished run, read from its ledger: amendments, the institution's part, objections. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from harness.model.observation import Amended, Answer, Objection, Observation
from harness.model.run import Amendment, InstitutionAnswer, ObjectionPoint
from harness.standards.institution import PREFIX, load_institution


def amendments(observations: Iterable[Observation]) -> tuple[Amendment, ...]:
    """The linked segments, oldest first."""
    return tuple(
        Amendment(number=o.data.number, utc=o.utc, reason=o.data.reason, previous_head=o.data.previous_head)
        for o in observations
        if isinstance(o.data, Amended)
    )


def institution_answers(observations: Iterable[Observation]) -> tuple[InstitutionAnswer, ...]:
    """The answers to the inspection list for institutions, in its order; of several to one item the last."""
    given = {o.data.requirement: o for o in observations if isinstance(o.data, Answer)}
    if not any(name.startswith(PREFIX) for name in given):
        return ()
    found = []
    for item in load_institution().items:
        line = given.get(item.key)
        if line is not None and isinstance(line.data, Answer):
            found.append(
                InstitutionAnswer(
                    id=item.id,
                    section=item.section,
                    question=item.question,
                    answer=line.data.answer,
                    text=line.data.text,
                    name=line.data.name,
                    date=line.data.date,
                    evidence=line.evidence,
                )
            )
    return tuple(found)


def objections(observations: Iterable[Observation]) -> tuple[ObjectionPoint, ...]:
    """The points of objections with their answers, in the order in which they were written down."""
    return tuple(
        ObjectionPoint.model_validate(o.data.model_dump(exclude={"kind"}))
        for o in observations
        if isinstance(o.data, Objection)
    )
