"""The profile: how a vendor's platform is described (design.md section 5). Written in YAML, without code or secrets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from harness.model.parties import Parties
from harness.model.reading import Action, Reading, States
from harness.model.short import Duration, Short, Text
from harness.model.steps import Condition
from harness.model.values import Frozen
from harness.platform.base import ACTIONS, READINGS

RoleName = Literal["learner", "teacher", "reviewer", "admin", "reader", "visitor"]
FunctionId = Annotated[str, StringConstraints(pattern=r"^(F0[1-9]|F1[0-3]|H0[12])$")]
Tested = Literal["tested", "not_tested", "not_offered"]


def _secret_reference(value: str) -> str:
    if value.split(":", 1)[0] not in ("env", "file", "keyring") or ":" not in value:
        raise ValueError("a secret is given by reference, never in clear: env:NAME, file:PATH or keyring:SERVICE/NAME")
    return value


def _source_reference(value: str) -> str:
    if not value.startswith(("subject:/", "file:")):
        raise ValueError("expected subject:/POINTER (into the subject file) or file:PATH#/POINTER")
    return value


SecretReference = Annotated[Text, AfterValidator(_secret_reference)]
SourceReference = Annotated[str, AfterValidator(_source_reference)]


class Subject(Frozen):
    """What is tested."""

    name: str
    vendor: str
    version: str
    base_url: str = Field(pattern=r"^(https?://|subject:/)")
    """Address, or `subject:/POINTER` into the subject file; `--base-url` overrides it."""
    kind: Literal["platform", "deployment"]


class Authorization(Frozen):
    """Who allowed the test, of which hosts, until when. Without it only ordinary use is observed."""

    kind: Literal["vendor_consent", "own_system", "inspection_order"]
    signatory: str
    document_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    hosts: tuple[str, ...] = Field(min_length=1)
    """Host names, with or without a port."""
    valid_until: date

    @model_validator(mode="after")
    def _document(self) -> Authorization:
        if self.kind != "own_system" and self.document_sha256 is None:
            raise ValueError("document_sha256 of the signed consent or order is required, except for own_system")
        return self


class AccountEntry(Frozen):
    """A test person's account; `attributes` are at hand in templates as `{account.NAME}`."""

    id: Text | None = None
    username: Text
    password: SecretReference | None = None
    name: str | None = None
    attributes: dict[str, Text] = Field(default_factory=dict)


class Listed(Short):
    """A list of accounts or lessons in a JSON file; `fields` says where in an item each field is, by JSON pointer.

    Passwords in such a file are the file's own business: it is not committed and not copied into a run.
    """

    short: ClassVar[str] = "source"
    source: SourceReference
    fields: dict[str, str] = Field(default_factory=dict)


class RoleEntry(Frozen):
    """A role with its accounts, and actions that this role does in another way (an admin's own log-in page)."""

    accounts: tuple[AccountEntry, ...] = ()
    accounts_from: Listed | None = None
    actions: dict[str, Action] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> RoleEntry:
        if bool(self.accounts) == (self.accounts_from is not None):
            raise ValueError("a role needs either accounts or accounts_from")
        return self


class Persons(Frozen):
    """Who the learners are before the camera. Without a folder there is no camera, and nobody is asked for a face."""

    folder: Text | None = None
    """Test persons' pictures: a path next to the profile, or `subject:/POINTER`, which may lead to null."""
    named_by: Text = "persona"
    """The attribute of a learner's account that says which person of the folder the learner is."""
    enrolled_by: Text | None = None
    """The attribute that says whether an account has a photograph on file; where it says no, consent and enrolment are
    still to come, and only walks that test them use the account. Without it everybody is enrolled."""
    presence: Literal["rendered", "human"] = "rendered"
    """rendered: the pictures of the folder are fed to a camera of ours. human: the persons themselves sit before a real
    camera or hold a telephone, led step by step by the run."""
    camera: Text | None = None
    """With human presence: (part of) the label of this machine's camera, or `phone` where the check is made on a
    telephone and the browser sees nothing of it. Without it: the camera that the browser takes by itself."""
    assessor: Text | None = None
    """Who leads the persons and confirms each step; goes into the ledger."""
    consent: dict[Text, Text] = Field(default_factory=dict)
    """By person of the folder: where the signed form is, `file:PATH` (only its digest is recorded) or in words."""
    walks: Literal["all", "faces"] = "all"
    """Who is before the camera where: in every walk of a learner, or only in those about faces and portraits; the
    others' learners then have no camera."""
    patience: Duration = 300.0
    """How long an instruction waits for its confirmation."""

    @model_validator(mode="after")
    def _presence(self) -> Persons:
        if self.presence == "human":
            if self.folder is None:
                raise ValueError("presence: human needs `folder`, with photographs of the persons who take part")
            if not self.assessor:
                raise ValueError("presence: human needs `assessor`, the name of who leads the persons and confirms")
            if not self.consent:
                raise ValueError(
                    "presence: human needs `consent`, for each person where the signed form is (docs/consent-form.md)"
                )
            if not 10 <= self.patience <= 3600:
                raise ValueError("patience must be between 10 s and 1 h")
        else:
            odd = [name for name in ("camera", "assessor", "consent") if getattr(self, name)]
            if self.walks != "all":
                odd.append("walks")
            if odd:
                raise ValueError(f"{', '.join(odd)} stand only beside presence: human")
        return self

    @property
    def human(self) -> bool:
        """Do the persons themselves take part?"""
        return self.presence == "human"

    @property
    def on_phone(self) -> bool:
        """Is the check made on a telephone?"""
        return self.human and (self.camera or "").lower() == "phone"


class LessonEntry(Frozen):
    """A lesson that walks may use; `vars` are at hand in templates as `{lesson.NAME}`."""

    id: Text
    title: str = ""
    duration: Duration | None = None
    course: Text | None = None
    vars: dict[str, Text] = Field(default_factory=dict)


class Course(Frozen):
    """The test course; what a lesson leaves out is taken from here."""

    id: Text | None = None
    title: str = ""
    hours: float | None = Field(default=None, gt=0)
    lessons: tuple[LessonEntry, ...] = ()
    lessons_from: Listed | None = None

    @model_validator(mode="after")
    def _one(self) -> Course:
        if bool(self.lessons) == (self.lessons_from is not None):
            raise ValueError("the course needs either lessons or lessons_from")
        return self


class TestCourse(Frozen):
    """A course of one or two class hours that a learner can finish in a run, so that certificates are reachable."""

    lessons: tuple[Text, ...] = Field(min_length=1)
    """Ids of all its lessons, in their order; the first is watched for the class hour and lasts 33 minutes or more."""


class Policy(Frozen):
    """What the platform declares of itself, unscaled. None: it declares nothing."""

    class_hour: Duration | None = None
    """Length of one class hour (学时)."""
    credit_unit: Duration | None = None
    """Smallest step of credit."""
    idle_limit: Duration | None = None
    idle_prompt: Duration | None = None
    """How long an idle prompt waits before it locks."""
    capture_interval: Duration | None = None
    face_moments: tuple[Literal["login", "start", "during", "end", "exam"], ...] | None = None
    face_answer: Duration | None = None
    """How long a face check waits."""
    concurrent_login: Literal["later_wins", "earlier_wins", "none"] | None = None
    settling_delay: Duration | None = None
    """Until what was studied stands in the record; with `settles_at`, until what runs then is done."""
    settles_at: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    """The time of day, in Beijing, at which the record is settled once a day."""
    daily_cap: Duration | None = None
    approval: Literal["by_hand"] | None = None
    """Who lets newly registered learners in: `by_hand` is the institution's staff, hours or days later, and nobody of
    ours. None: at once, or by our own administrator (approve_learner)."""
    approval_delay: Duration | None = None
    """How long the staff take, at most; 24 h where nothing is said. A person's time: never scaled."""
    report_interval: Duration | None = None
    """How often the player reports progress while it plays."""
    reports_on_pause: bool | None = None
    """Does the player also report at once when it is paused? Then a paused record is complete within seconds."""
    offline_hours: Literal["held", "not_held"] | None = None
    """Does the platform hold offline hours, or declare whole trainings complete?"""
    operator_tools: Literal["offered", "none"] | None = None
    """Can those who run it add hours, complete in batches, exempt, import or replace?"""
    archive_form: Literal["electronic", "paper"] | None = None

    @model_validator(mode="after")
    def _approved(self) -> Policy:
        if self.approval_delay is not None and self.approval is None:
            raise ValueError("approval_delay is how long approval by hand takes: add `approval: by_hand`")
        return self

    def facts(self) -> dict[str, object]:
        """Plain values for the ledger: durations in seconds under `NAME_s`; what is not declared is None."""
        plain = (
            "face_moments",
            "concurrent_login",
            "settles_at",
            "approval",
            "reports_on_pause",
            "offline_hours",
            "operator_tools",
            "archive_form",
        )
        return {name if name in plain else f"{name}_s": value for name, value in self.model_dump(mode="json").items()}


class AbsentFunction(Frozen):
    """A function that the platform lacks: who says so, or what was searched."""

    function: FunctionId
    statement: str
    basis: Literal["vendor_statement", "search", "none"]

    @model_validator(mode="after")
    def _said(self) -> AbsentFunction:
        if self.basis != "none" and not self.statement.strip():
            raise ValueError("a statement is required: the vendor's words, or what was searched")
        return self


class Profile(Frozen):
    """A profile as written. References are resolved by harness/platform/loading.py."""

    v: Literal[1] = 1
    subject: Subject
    assessment: Literal["self_check", "commissioned", "enforcement"]
    authorization: Authorization | None = None
    parties: Parties = Parties()
    """Laboratory, client, assessor and reviewer, as the report names them."""
    launch: tuple[str, ...] | None = None
    """A command that starts the subject and prints the subject file's JSON as one line."""
    subject_file: str | None = Field(default=None, pattern=r"^(env:[A-Za-z_]\w*|file:.+)$")
    """JSON with what differs from one installation to the next: addresses, ids, accounts."""
    channels: dict[Literal["pc", "mobile", "app", "mini_program"], Tested]
    credit_sources: dict[Literal["video", "live", "replay", "document", "quiz"], Tested]
    identity_source: Literal["vendor_sandbox", "consenting_staff", "generated"]
    roles: dict[RoleName, RoleEntry]
    persons: Persons | None = None
    policy: Policy = Policy()
    course: Course
    test_course: TestCourse | None = None
    absent: tuple[AbsentFunction, ...] = ()
    actions: dict[str, Action] = Field(default_factory=dict)
    readings: dict[str, Reading] = Field(default_factory=dict)
    lesson_state: States = Field(default_factory=dict)
    signed_out: Condition | tuple[Condition, ...] | None = None
    """What the reader's window shows when its session has ended, for pages that would then read as empty."""
    adapter: str | None = Field(default=None, pattern=r"\.py$")
    """A Python file next to the profile that overrides single actions and readings."""

    @property
    def described(self) -> frozenset[str]:
        """Names of the contract that the profile itself describes."""
        names = {*self.actions, *self.readings, *(name for role in self.roles.values() for name in role.actions)}
        return frozenset(names | ({"lesson_state"} if self.lesson_state else set()))


ACTION_NAMES, READING_NAMES = ACTIONS, READINGS - {"lesson_state"}
"""What `actions` and `readings` may hold; lesson_state has a section of its own."""
