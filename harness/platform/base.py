"""The contract: every action and reading that a probe may ask of a platform, in one table.

A new name is added here and nowhere else. A profile describes how a vendor does each; what it does not describe
raises Unsupported, which a judge turns into INCONCLUSIVE(UNSUPPORTED).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["visitor", "learner", "teacher", "reviewer", "admin", "reader"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the contract."""

    name: str
    kind: Literal["action", "reading"]
    role: Role
    arguments: tuple[str, ...]
    returns: str
    doc: str


def _action(name: str, role: Role, arguments: str, doc: str, returns: str = "None") -> Entry:
    return Entry(name, "action", role, tuple(arguments.split()), returns, doc)


def _reading(name: str, returns: str, arguments: str, doc: str) -> Entry:
    return Entry(name, "reading", "reader", tuple(arguments.split()), returns, doc)


CONTRACT: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        _action(
            "register",
            "visitor",
            "username password name id_number phone portrait",
            "apply for an account; what is left out comes as an empty text",
        ),
        _action(
            "import_learner",
            "admin",
            "username password name id_number phone verified",
            "enter a learner by the institution; `verified` is empty when nobody saw the papers",
        ),
        _action("approve_learner", "admin", "learner", "approve a registration"),
        _action("enrol", "admin", "learner course period", "put a learner into a course, or into a class period"),
        _action("enrol_face", "learner", "portrait", "store the enrolment photograph"),
        _action("consent", "learner", "", "agree to the use of face data"),
        _action("refuse_consent", "learner", "", "refuse the use of face data"),
        _action("log_in", "learner", "", "log in with the session's account; ends when the session is really in"),
        _action("log_out", "learner", "", "log out"),
        _action("dismiss_notices", "learner", "", "close what covers the page after log-in"),
        _action("open_course", "learner", "course", "open a course's page"),
        _action("open_lesson", "learner", "lesson", "open a lesson so that its player is on the page"),
        _action("play", "learner", "", "start or go on playing"),
        _action("pause", "learner", "", "pause"),
        _action("seek_by_bar", "learner", "fraction", "drag the progress bar to a fraction of the duration, 0 to 1"),
        _action("seek_by_button", "learner", "", "press the player's own forward button"),
        _action("set_rate_by_menu", "learner", "rate", "choose a playback rate in the player's own menu"),
        _action("pass_face_check", "learner", "", "answer a face check with the person before the camera"),
        _action("answer_idle_prompt", "learner", "", "answer an 'are you still there' prompt"),
        _action("unlock", "learner", "", "unlock after an idle lock"),
        _action("post_question", "learner", "lesson text", "ask a question"),
        _action("answer_question", "teacher", "question text", "answer a learner's question"),
        _action("see_answer", "learner", "question", "look at an own question and what was answered", "Table"),
        _action("open_records", "learner", "", "look at the own study record", "Table"),
        _action("create_course", "admin", "title hours", "create a course"),
        _action("edit_course", "admin", "course title hours", "change a course"),
        _action("replace_media", "admin", "lesson file", "replace a lesson's video"),
        _action("submit_course", "admin", "course", "submit a course for review"),
        _action("review_course", "admin", "course verdict", "review a course; by a reviewer where there is one"),
        _action("publish_course", "admin", "course", "publish a course"),
        _action("unpublish_course", "admin", "course", "take a course offline"),
        _action("import_attendance", "admin", "file", "import offline attendance"),
        _action("book_practice", "learner", "course", "try to book practice hours online"),
        _action("book_practice_offline", "learner", "course", "book practice hours in a classroom"),
        _action("edit_record", "admin", "learner lesson minutes", "change a learner's record"),
        _action("void_record", "admin", "learner lesson reason", "declare what a learner studied in a lesson void"),
        _action("add_hours", "admin", "learner course hours", "add hours by hand"),
        _action("complete_in_batch", "admin", "learner lesson", "mark a lesson as completed by hand"),
        _action("import_hours", "admin", "learner course hours", "import hours learned elsewhere"),
        _action("exempt_face", "admin", "learner", "free a learner from face checks"),
        _action("replace_portrait", "admin", "learner portrait", "put another enrolment photograph in place"),
        _action("upload_portrait", "admin", "learner portrait", "add a portrait that no camera took"),
        _action("backdate_period", "admin", "", "move the beginning of a class period of test learners into the past"),
        _action("close_account", "admin", "learner", "close a learner's account"),
        _action("request_certificate", "learner", "course", "ask for the hours certificate", "File"),
        _action(
            "request_certificate_directly",
            "learner",
            "course",
            "ask for it by its address or interface, without a button",
        ),
        _action("verify_certificate", "visitor", "number code", "verify a certificate on the public page", "Table"),
        _action(
            "verify_certificate_file", "visitor", "file", "verify a certificate's file on the public page", "Table"
        ),
        _action("export_archive", "admin", "learner course period", "export a learner's file", "File"),
        _action("verify_archive", "visitor", "file", "verify an exported file", "Table"),
        _reading("lesson_position", "float | None", "lesson", "position where the platform would resume, seconds"),
        _reading("lesson_state", "LessonState", "", "what the learner's own page shows now"),
        _reading("credited_time", "Credit", "learner course lesson", "credited time of one lesson, or a total"),
        _reading(
            "study_records", "tuple[StudyRecord, ...]", "learner course lesson since until", "rows of the study record"
        ),
        _reading("course_record", "Table", "learner course", "what the record says of a course: hours, marks"),
        _reading("certificate", "Table", "learner course", "fields of the hours certificate"),
        _reading("archives", "Table", "learner period", "one row per file: learner, period, what it holds"),
        _reading("archive", "Table", "learner course", "records, portraits with times, certificates"),
        _reading("archive_hours", "Table", "learner course period", "hours in a learner's file as it is shown"),
        _reading("archive_export", "Table", "learner course period", "the same hours in the exported file"),
        _reading("statistics", "Table", "learner course period since until", "totals"),
        _reading("statistics_csv", "Table", "learner course period since until", "the same totals exported as CSV"),
        _reading("statistics_xlsx", "Table", "learner course period since until", "the same totals exported as XLSX"),
        _reading("portrait_list", "Table", "learner", "a learner's portraits and how each is marked"),
        _reading("completion", "Table", "learner course period", "is the theory complete: online, offline, share"),
        _reading("attendance", "Table", "learner", "offline attendance"),
        _reading("audit_log", "Table", "learner", "who changed what and when"),
        _reading(
            "portraits", "tuple[StoredPortrait, ...]", "learner", "portraits that are kept of a learner, with pictures"
        ),
        _reading("courses", "Table", "", "catalogue with hours, outline and state"),
        _reading("lessons", "Table", "course", "lessons of a course with the length and version of their media"),
        _reading("learners", "Table", "learner", "accounts as those who run the platform see them"),
        _reading("questions", "Table", "course", "questions and answers"),
        _reading("notices", "Table", "", "notices to the learner"),
    )
}
"""Every action and reading by name."""

ACTIONS = frozenset(name for name, entry in CONTRACT.items() if entry.kind == "action")
READINGS = frozenset(name for name, entry in CONTRACT.items() if entry.kind == "reading")
