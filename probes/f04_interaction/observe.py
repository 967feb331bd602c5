"""Ask as a learner, answer as a teacher, and look again as the learner."""

from __future__ import annotations

from harness.errors import SubjectError
from harness.learner import Learner
from harness.model.observation import Stimulus
from harness.walk import Walk


async def ask(walk: Walk) -> None:
    """Both texts are new to the platform, so that whatever shows them can only be this question and this answer."""
    number = f"{walk.rng.randrange(10**8):08d}"
    question = f"安全带挂点高度不足时如何处理（提问{number}）"
    answer = f"应改用有足够净空的挂点或加设生命线（答复{number}）"
    lesson = walk.platform.profile.lessons[0]
    learner = await walk.learner(0, lesson)
    await learner.do("log_in")
    await learner.do("post_question", lesson=lesson, text=question)
    await _look(learner, "asked", question, answer)
    await _look(learner, "never_asked", f"{question}之二", answer)
    teacher = await walk.actor("teacher")
    await teacher.do("log_in")
    answered = await teacher.try_do("answer_question", question=question, text=answer)
    await teacher.session.close()
    if walk.described("questions"):  # whether the question was kept, and the answer really given
        await walk.reader.table("questions", course=lesson.course)
    if not answered:
        return
    await learner.screen.reload()
    await _look(learner, "after_reload", question, answer)
    await learner.session.close()
    elsewhere = await walk.learner(0, lesson, screen="elsewhere")
    await elsewhere.do("log_in")
    await _look(elsewhere, "elsewhere", question, answer)


async def _look(learner: Learner, moment: str, question: str, answer: str) -> None:
    """What the learner's own page shows of a question."""
    thread = ""
    try:
        table = await learner.do("see_answer", question=question)
        thread = " ".join(text for row in table.rows for text in row.values())
    except SubjectError:
        pass  # not being there is an answer, and the failed action is in the ledger
    shown = "".join(thread.split())
    await learner.stimulate(
        Stimulus(
            name="look",
            means="ordinary",
            params={"moment": moment},
            effect={"question": "".join(question.split()) in shown, "answer": "".join(answer.split()) in shown},
        )
    )
