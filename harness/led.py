"""Leading a living person: each instruction is given, confirmed or not, timed, and kept with a still of the moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.aside import aside
from harness.camera.human import HumanCamera
from harness.camera.instructions import Instruction
from harness.errors import NotDone, StepFailed, SubjectError
from harness.model.observation import Instructed, StillSeen
from harness.redact import redact

if TYPE_CHECKING:
    from harness.assessor import Ask
    from harness.learner import Learner

CANNOT = frozenset({"s", "S", "ｓ", "Ｓ"})
"""Typed to say that something can't be done; the wide letters are what a Chinese keyboard gives."""
ENDING = {
    True: "完成后按回车；无法做到请输入 s 再回车（所涉要求记为未能判定）",
    False: "press Enter when done; type s and Enter if it can't be done (what depends on it stays inconclusive)",
}


def question(instruction: Instruction, learner: Learner) -> str:
    """The instruction as it is shown, in both languages."""
    walk = learner.walk
    head = f"[{walk.spec.name} #{walk.attempt} · {learner.account.id}]"
    return f"\a{head}\n  {instruction.zh}\n    {ENDING[True]}\n  {instruction.en}\n    {ENDING[False]}"


async def lead(learner: Learner, ask: Ask, instruction: Instruction) -> None:
    """Have one instruction carried out, and write down how it went. Raises NotDone when it was not."""
    walk, camera = learner.walk, learner.session.camera
    persons = learner.session.profile.model.persons
    assert isinstance(camera, HumanCamera)
    assert persons is not None
    given, start = walk.clock.utc().isoformat().replace("+00:00", "Z"), walk.now()
    said: str | None = "s"
    if instruction.possible:
        page = await _page(learner)
        with walk.waiting_for_a_person(persons.patience):
            said = await _answer(learner, ask, question(instruction, learner), page, persons.patience)
    took_s = walk.now() - start
    outcome = "no_answer" if said is None else "cannot" if said in CANNOT else "confirmed"
    evidence: list[str] = []
    frame, label = "", ""
    if outcome == "confirmed":
        if not camera.phone:
            frame, label = await _frame(learner)
        evidence = [name for name in (frame, await _shot(learner)) if name]
    learner.note(
        Instructed(
            camera=camera.name,
            scene=instruction.scene,
            person=instruction.person,
            acts=instruction.acts,
            zh=instruction.zh,
            en=instruction.en,
            given_utc=given,
            took_s=round(took_s, 2),
            outcome=outcome,
            possible=instruction.possible,
            by=persons.assessor or "" if instruction.possible else "",
            said=redact(said or "")[:200],
            frame=frame,
            label=label,
        ),
        evidence=tuple(evidence),
    )
    if outcome != "confirmed":
        why = "nobody answered in time" if said is None else "it can't be done"
        raise NotDone(f"{instruction.zh} {instruction.en}", where=walk.spec.name, got=why, cannot=said is not None)
    if frame and not instruction.acts:
        walk.later(_see(learner, instruction, frame))


async def _answer(learner: Learner, ask: Ask, text: str, page: bytes, patience_s: float) -> str | None:
    """What was typed; None when nothing came in time, or there is nobody to type any more."""
    answer = asyncio.ensure_future(_clear(ask, text, page))
    over = asyncio.ensure_future(learner.walk.clock.sleep(patience_s))
    try:
        await asyncio.wait({answer, over}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            return None
        return answer.result()
    except StepFailed:  # the input has ended
        return None
    finally:
        for task in (answer, over):
            task.cancel()


async def _clear(ask: Ask, text: str, page: bytes) -> str:
    """Enter alone, or that it can't be done; anything else confirms nothing and is asked again."""
    while True:
        said = (await ask(text, page)).strip()
        if not said or said in CANNOT:
            return said


async def _page(learner: Learner) -> bytes:
    try:
        return b"" if learner.screen.url == "about:blank" else await learner.screen.screenshot()
    except SubjectError:
        return b""


async def _shot(learner: Learner) -> str:
    page = await _page(learner)
    return learner.walk.ledger.evidence.put(page, "png") if page else ""


async def _frame(learner: Learner) -> tuple[str, str]:
    """A frame of the real camera beside the page (evidence name) and the camera's label; empty without one."""
    try:
        seen = await learner.screen.camera_frame()
    except SubjectError:
        return "", ""
    if seen is None:
        return "", ""
    return learner.walk.ledger.evidence.put(seen.picture, "jpg"), seen.label


async def _see(learner: Learner, instruction: Instruction, frame: str) -> None:
    """What our own eyes see in the still: how many faces, and whose."""
    studio = learner.walk.platform.studio
    if studio is None:
        return
    picture = learner.walk.ledger.evidence.get(frame)
    known = await aside(studio.examiner.see_still, picture, instruction.person, instruction.scene)
    learner.note(StillSeen(frame=frame, scene=instruction.scene, person=instruction.person, **known))
