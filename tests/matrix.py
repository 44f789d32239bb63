"""The access matrix: what everybody gets of every address, by GET and by POST.

Written from PRODUCT §9: who may not see gets 404, who sees but may not gets 403 with a reason, a
stranger is sent to sign in. The oracle is the table below, not the app's own rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.timezone import localdate, localtime, now

from hanoi_programmes.people.models import CalendarDay, RowChange
from hanoi_programmes.programmes.models import SavedView
from hanoi_programmes.reminders.models import JobRun
from hanoi_programmes.reminders.rules.alarm import run_of
from hanoi_programmes.reminders.services.health import PLAN
from hanoi_programmes.reminders.states import MailState
from hanoi_programmes.reports.models import FigureContest, Report
from tests.answering import key_of, links, mail_of
from tests.frozen import frozen
from tests.mailed import make_mail
from tests.read_by_programs import feed_for
from tests.reports.scheduling import OF_WARD, set_up
from tests.world import World

# The columns. "officer" and "head" are of the ward that leads the task, and the notice is the
# officer's; "outsider" is an officer of another ward.
PEOPLE = (
    "anonymous", "officer", "head", "outsider", "office", "leader", "inspector", "administrator",
)  # fmt: skip


def row(line: str) -> dict[str, int]:
    """Eight statuses in the order of PEOPLE."""
    return dict(zip(PEOPLE, map(int, line.split()), strict=True))


OPEN = row("       200 200 200 200 200 200 200 200")
SIGNED_IN = row("  302 200 200 200 200 200 200 200")
WITH_CONTENT = row("302 200 200 200 200 200 200 403")
ON_THE_TASK = row(" 302 200 200 404 200 200 200 403")
FOR_ADMINISTRATORS = row("  302 403 403 403 403 403 403 200")
ADMINISTRATORS_SEND = row(" 302 403 403 403 403 403 403 422")
ADMINISTRATORS_PRESS = row("302 403 403 403 403 403 403 302")
INSPECTED = row("   302 403 403 403 403 403 200 403")
SENT_BACK = row("   302 302 302 302 302 302 302 403")
# The working-day calendar is the office's and the administrator's.
KEEPERS = row("302 403 403 403 200 403 403 200"), row("302 403 403 403 422 403 403 422")
# Nothing there for anybody, or not with this method.
NO_POST = row("    302 405 405 405 405 405 405 405")
NO_GET = NO_POST
NO_FILE = row("    302 404 404 404 404 404 404 403")
REPORT: dict[str, object] = {"form": "report"}
# Whose act it is, asked and sent.
BY_WARD = row("302 200 200 404 403 403 403 403"), row("302 422 422 404 403 403 403 403")
BY_CITY = row("302 403 403 404 200 200 403 403"), row("302 403 403 404 422 422 403 403")
PLANNED = row("302 403 403 403 200 403 403 403"), row("302 403 403 403 422 403 403 403")
BY_OFFICE = row("302 403 403 404 200 403 403 403"), row("302 403 403 404 422 403 403 403")


@dataclass(frozen=True)
class Row:
    """An address: what its parameters are in the test's world, and who gets which answer.

    `post` is asked with an empty form: 422 means that its reader may send one.
    """

    get: dict[str, int]
    post: dict[str, int] = field(default_factory=lambda: NO_POST)
    kwargs: Callable[[World], dict[str, object]] = lambda _world: {}


def of_post(world: World) -> dict[str, object]:
    """The head post of the ward."""
    post = world.cast.ward.posts.get()
    return {"code": world.cast.ward.code, "pk": post.pk}


def of_holding(world: World) -> dict[str, object]:
    """The ward's head in that post."""
    return of_post(world) | {"holding": world.cast.ward_head.holdings.get().pk}


def of_view(world: World) -> dict[str, object]:
    """A filter that the ward's officer saved."""
    owner = world.cast.ward_officer
    own = {"owner": owner, "name": "Quá hạn", "query": "group=overdue"}
    return {"pk": SavedView.objects.get_or_create(**own, defaults={"saved_at": now()})[0].pk}


def of_answer(world: World) -> dict[str, object]:
    """A link of a mail to the ward's officer."""
    (path,) = links(mail_of(world.cast.ward_officer, world.task)).values()
    return {"key": key_of(path)}


def cleared(world: World) -> dict[str, object]:
    """The ward's report, its files deleted by rule."""
    Report.objects.filter(pk=world.done.pk).update(state="done", file="")
    return {"pk": world.done.pk}


def all_well(_world: World) -> dict[str, object]:
    """The day is planned and jobs run, whatever the hour of the test."""
    at = run_of(localdate(), localtime())
    JobRun.objects.create(job=PLAN, began_at=at, ended_at=at)
    JobRun.objects.create(job="reminders.jobs.deliver_waiting", began_at=now(), ended_at=now())
    return {}


def of_schedule(world: World) -> dict[str, object]:
    """A regular report of the ward's officer."""
    return {"pk": set_up(world.cast.ward_officer, OF_WARD, on=localdate()).pk}


def in_the_calendar(_world: World) -> dict[str, object]:
    """A day off."""
    day = date(2026, 11, 24)
    CalendarDay.objects.get_or_create(day=day, defaults={"is_working": False, "name": "Nghỉ"})
    return {"day": day.isoformat()}


ROWS: dict[str, Row] = {
    "people:sign-in": Row(OPEN, row("422 422 422 422 422 422 422 422")),
    "people:sign-out": Row(NO_GET, row("302 302 302 302 302 302 302 302")),
    "people:account": Row(SIGNED_IN),
    # One's own: the keys on and off.
    "people:switch-shortcuts": Row(NO_GET, row("302 302 302 302 302 302 302 302")),
    "people:shortcuts": Row(SIGNED_IN),
    "people:help": Row(SIGNED_IN),
    "people:change-password": Row(SIGNED_IN, row("302 422 422 422 422 422 422 422")),
    "people:unit-list": Row(SIGNED_IN),
    "people:choose-unit": Row(SIGNED_IN),
    "people:unit-page": Row(SIGNED_IN, kwargs=lambda w: {"code": w.cast.other_ward.code}),
    "people:unit-history": Row(SIGNED_IN, kwargs=lambda w: {"code": w.cast.ward.code}),
    "people:area-page": Row(SIGNED_IN, kwargs=lambda _w: {"code": "00001"}),
    "people:post-new": Row(
        FOR_ADMINISTRATORS, ADMINISTRATORS_SEND, lambda w: {"code": w.cast.ward.code}
    ),
    "people:post-rename": Row(FOR_ADMINISTRATORS, ADMINISTRATORS_SEND, of_post),
    "people:appoint": Row(FOR_ADMINISTRATORS, ADMINISTRATORS_SEND, of_post),
    "people:relieve": Row(FOR_ADMINISTRATORS, ADMINISTRATORS_SEND, of_holding),
    # A button without its key leads back to the page, with a word about it.
    "people:withdraw": Row(NO_GET, ADMINISTRATORS_PRESS, of_holding),
    "people:account-list": Row(FOR_ADMINISTRATORS),
    "people:choose-account": Row(FOR_ADMINISTRATORS),
    "people:account-new": Row(FOR_ADMINISTRATORS, ADMINISTRATORS_SEND),
    "people:account-page": Row(FOR_ADMINISTRATORS, kwargs=lambda w: {"pk": w.cast.officer.pk}),
    "people:account-place": Row(
        FOR_ADMINISTRATORS, ADMINISTRATORS_SEND, lambda w: {"pk": w.cast.officer.pk}
    ),
    "people:account-switch": Row(NO_GET, ADMINISTRATORS_PRESS, lambda w: {"pk": w.cast.officer.pk}),
    "people:account-password": Row(
        NO_GET, ADMINISTRATORS_PRESS, lambda w: {"pk": w.cast.officer.pk}
    ),
    "people:reference": Row(SIGNED_IN),
    # One's own: anybody who is signed in puts a hint away.
    "people:put-hint-away": Row(
        NO_GET, row("302 302 302 302 302 302 302 302"), lambda _w: {"key": "home"}
    ),
    "people:health": Row(OPEN, row("405 405 405 405 405 405 405 405")),
    # Who has no work list is sent to where the role's work is.
    "programmes:home": Row(row("302 200 200 200 200 302 302 302")),
    "programmes:news": Row(WITH_CONTENT),
    # Everybody stamps the text of the own unit; the office that of the city.
    "programmes:week": Row(WITH_CONTENT, row("302 422 422 422 422 403 403 403")),
    "programmes:week-whole": Row(NO_GET, row("302 200 200 200 200 200 200 403")),
    "programmes:history": Row(INSPECTED),
    "programmes:history-export": Row(INSPECTED),
    "programmes:history-transaction": Row(
        INSPECTED,
        kwargs=lambda w: {
            "transaction": RowChange.objects.filter(subject=w.task.pk)[0].transaction
        },
    ),
    # An administrator sees numbers only.
    "programmes:readings": Row(row("302 403 403 403 403 403 200 200")),
    # An administrator finds units, and nothing of programmes.
    "programmes:search": Row(SIGNED_IN),
    "programmes:task-list": Row(WITH_CONTENT),
    "programmes:task-export": Row(WITH_CONTENT),
    # Without a move and tasks it leads back to the list; tests of bulk moves ask for more.
    "programmes:bulk": Row(SENT_BACK, SENT_BACK),
    "programmes:nothing-arose": Row(NO_GET, SENT_BACK),
    "programmes:choose-task": Row(WITH_CONTENT),
    "programmes:choose-officer": Row(PLANNED[0]),
    "programmes:task-new": Row(*PLANNED, lambda _w: {"key": "hn72"}),
    "programmes:task-edit": Row(*BY_OFFICE, lambda w: {"pk": w.task.pk}),
    "programmes:task-fill": Row(
        BY_OFFICE[0] | {"office": 302}, BY_OFFICE[1], lambda w: {"pk": w.task.pk, "key": "product"}
    ),
    "programmes:task-page": Row(ON_THE_TASK, kwargs=lambda w: {"pk": w.task.pk}),
    "programmes:task-history": Row(ON_THE_TASK, kwargs=lambda w: {"pk": w.task.pk}),
    "programmes:fan-out": Row(*BY_OFFICE, lambda w: {"pk": w.task.pk}),
    "programmes:change-below": Row(*BY_OFFICE, lambda w: {"pk": w.task.pk}),
    "programmes:fan-out-undo": Row(
        *BY_OFFICE, lambda w: {"pk": w.task.pk, "cascade_pk": w.cascade.pk}
    ),
    "programmes:report": Row(*BY_WARD, lambda w: {"pk": w.task.pk}),
    "programmes:move": Row(*BY_WARD, lambda w: {"pk": w.new_task.pk, "name": "acknowledge"}),
    # The officer's own unit never verifies; who sees all but is not the office may not.
    "programmes:verify": Row(*BY_OFFICE, lambda w: {"pk": w.submitted.pk}),
    "programmes:decisions": Row(WITH_CONTENT),
    # The ward asks, answers and takes back; the city decides; only the office moves a deadline.
    "programmes:extension-ask": Row(*BY_WARD, lambda w: {"pk": w.task.pk}),
    "programmes:extension-reply": Row(*BY_OFFICE, lambda w: {"pk": w.asked["extension"]}),
    "programmes:extension-withdraw": Row(*BY_WARD, lambda w: {"pk": w.asked["extension"]}),
    "programmes:obstacle-decide": Row(*BY_CITY, lambda w: {"pk": w.asked["obstacle"]}),
    "programmes:obstacle-pass": Row(*BY_CITY, lambda w: {"pk": w.asked["obstacle"]}),
    "programmes:obstacle-withdraw": Row(*BY_WARD, lambda w: {"pk": w.asked["obstacle"]}),
    "programmes:direction-give": Row(*BY_CITY, lambda w: {"pk": w.task.pk}),
    "programmes:direction-answer": Row(*BY_WARD, lambda w: {"pk": w.asked["question"]}),
    "programmes:direction-close": Row(*BY_CITY, lambda w: {"pk": w.asked["answered"]}),
    "programmes:direction-again": Row(*BY_CITY, lambda w: {"pk": w.asked["answered"]}),
    "programmes:draft": Row(
        NO_GET, row("302 302 302 404 403 403 403 403"), lambda w: REPORT | {"pk": w.task.pk}
    ),
    "programmes:evidence-file": Row(ON_THE_TASK, kwargs=lambda w: {"pk": w.evidence}),
    # One's own: what another saved for himself is not there.
    "programmes:saved-list": Row(WITH_CONTENT),
    "programmes:saved-counts": Row(WITH_CONTENT),
    "programmes:saved-new": Row(WITH_CONTENT, row("302 422 422 422 422 422 422 403")),
    "programmes:saved-edit": Row(
        row("302 200 404 404 404 404 404 403"), row("302 422 404 404 404 404 404 403"), of_view
    ),
    "programmes:saved-delete": Row(
        row("302 200 404 404 404 404 404 403"), row("302 302 404 404 404 404 404 403"), of_view
    ),
    "programmes:handovers": Row(WITH_CONTENT),
    "programmes:handover-page": Row(ON_THE_TASK, kwargs=lambda w: {"pk": w.handover.pk}),
    "programmes:handover-open": Row(
        NO_GET, row("302 302 403 404 302 403 403 403"), kwargs=lambda w: {"holding": w.left.pk}
    ),
    "programmes:handover-note": Row(
        NO_GET, row("302 422 403 404 403 403 403 403"), kwargs=lambda w: {"pk": w.handover.pk}
    ),
    "programmes:handover-confirm": Row(
        NO_GET, row("302 422 422 404 422 403 403 403"), kwargs=lambda w: {"pk": w.handover.pk}
    ),
    "programmes:merge": Row(*PLANNED, lambda _w: {"kind": "units"}),
    "programmes:programme-list": Row(WITH_CONTENT),
    "programmes:programme-page": Row(WITH_CONTENT, kwargs=lambda _w: {"key": "hn72"}),
    "programmes:plan-list": Row(WITH_CONTENT),
    "programmes:plan-export": Row(WITH_CONTENT),
    "programmes:plan-paste": Row(*PLANNED),
    # A unit's plans are its own; other wards find none.
    "programmes:unit-plans": Row(ON_THE_TASK, kwargs=lambda w: {"code": w.cast.ward.code}),
    "programmes:plan-record": Row(
        row("302 200 200 404 200 403 403 403"),
        row("302 422 422 404 422 403 403 403"),
        lambda w: {"key": "hn72", "code": w.cast.ward.code},
    ),
    "reminders:calendar": Row(SIGNED_IN),
    "reminders:calendar-day": Row(*KEEPERS),
    "reminders:calendar-proposals": Row(*KEEPERS),
    "reminders:calendar-remove": Row(*KEEPERS, in_the_calendar),
    "reminders:notices": Row(SIGNED_IN),
    # Asked without a session it sends to sign in, or leaves alone a page that only waits.
    "reminders:bell": Row(SIGNED_IN, NO_POST | {"anonymous": 405}),
    "reminders:latest": Row(SIGNED_IN),
    "reminders:read-all": Row(NO_GET, row("302 302 302 302 302 302 302 302")),
    "reminders:read-one": Row(
        NO_GET, row("302 302 404 404 404 404 404 404"), kwargs=lambda w: {"pk": w.notice.pk}
    ),
    # One's own.
    "reminders:preferences": Row(SIGNED_IN, row("302 422 422 422 422 422 422 422")),
    # Who holds the link answers, signed in or not.
    "reminders:answer": Row(OPEN, row("422 422 422 422 422 422 422 422"), of_answer),
    # Whoever is reminded may know when.
    "reminders:ladder": Row(WITH_CONTENT),
    "reminders:ladder-edit": Row(*PLANNED),
    # A part of the task's page, which says why; alone it says nothing.
    "reminders:task-panel": Row(
        row("302 200 200 404 200 200 200 404"), kwargs=lambda w: {"pk": w.task.pk}
    ),
    # An officer has the own work list; a head follows the units below.
    "reminders:urging-list": Row(row("302 403 200 403 200 200 200 403")),
    # Without tasks it leads back to the list; tests of urging ask for more.
    "reminders:urge": Row(
        row("302 403 403 403 302 403 403 403"), row("302 403 403 403 302 403 403 403")
    ),
    "reminders:urging-page": Row(
        row("302 200 200 404 200 200 200 404"), kwargs=lambda w: {"pk": w.urging.pk}
    ),
    "reminders:system": Row(FOR_ADMINISTRATORS),
    "reminders:system-state": Row(FOR_ADMINISTRATORS),
    "reminders:mail-settle": Row(
        NO_GET,
        ADMINISTRATORS_PRESS,
        lambda w: {"pk": make_mail(w.cast.ward_officer, now(), MailState.FAILED).pk},
    ),
    # A part of each administrator's page; nothing for others.
    "reminders:alarm": Row(SIGNED_IN),
    # For a watcher without an account; an alarm would be a 503.
    "reminders:watch": Row(OPEN, row("405 405 405 405 405 405 405 405"), all_well),
    # Whoever has work of their own; what an inspector reads is logged, under a session.
    "api:feeds": Row(
        row("302 200 200 200 200 200 403 403"), row("302 422 422 422 422 422 403 403")
    ),
    # One's own, by a button without its key: back to the page with a word about it.
    "api:feed-revoke": Row(
        NO_GET,
        row("302 302 404 404 404 404 403 403"),
        lambda w: {"pk": feed_for(w.cast.ward_officer)[0].pk},
    ),
    # The address is the key, whoever has it.
    "api:feed": Row(
        OPEN,
        row("405 405 405 405 405 405 405 405"),
        lambda w: {"token": feed_for(w.cast.ward_officer)[1]},
    ),
    "reports:dashboard": Row(WITH_CONTENT),
    "reports:meeting": Row(WITH_CONTENT),
    "reports:programme-figures": Row(WITH_CONTENT, kwargs=lambda _w: {"key": "hn72"}),
    # For developers: in real service, and so here, it does not exist.
    "reports:components": Row(row("302 404 404 404 404 404 404 404")),
    "reports:matrix": Row(WITH_CONTENT),
    "reports:matrix-export": Row(WITH_CONTENT),
    "reports:list": Row(WITH_CONTENT, row("302 422 422 422 422 422 422 403")),
    # Parts of the form: fields of a kind, the first page, rows to choose from.
    "reports:ask": Row(WITH_CONTENT),
    "reports:preview": Row(WITH_CONTENT),
    "reports:choose-unit": Row(WITH_CONTENT),
    "reports:choose-area": Row(WITH_CONTENT),
    "reports:choose-post": Row(WITH_CONTENT),
    # The office writes for the city's paper, a unit's people for their own unit's.
    "reports:texts": Row(WITH_CONTENT, row("302 422 422 422 422 403 403 403")),
    "reports:letter": Row(*PLANNED),
    "reports:word": Row(
        row("302 404 404 404 200 200 200 403"), kwargs=lambda w: {"pk": w.letter.pk}
    ),
    "reports:excel": Row(NO_FILE, kwargs=lambda w: {"pk": w.letter.pk}),
    "reports:archive": Row(NO_FILE, kwargs=lambda w: {"pk": w.letter.pk}),
    "reports:redraw": Row(NO_GET, row("302 303 404 404 303 303 303 403"), cleared),
    "reports:version": Row(
        NO_GET, row("302 422 404 404 422 422 422 403"), kwargs=lambda w: {"pk": w.done.pk}
    ),
    "reports:health": Row(row("302 403 403 403 200 403 403 200")),
    "reports:find-code": Row(
        row("302 404 404 404 404 404 404 403"),
    ),
    # A report is its reader's own, or of who sees all.
    "reports:by-code": Row(
        row("302 200 404 404 200 200 200 403"), kwargs=lambda w: {"code": frozen(w.done)}
    ),
    "reports:row": Row(
        row("302 200 404 404 200 200 200 403"), kwargs=lambda w: {"pk": w.waiting.pk}
    ),
    "reports:cancel": Row(
        NO_GET, row("302 303 404 404 303 403 403 403"), kwargs=lambda w: {"pk": w.waiting.pk}
    ),
    "reports:retry": Row(
        NO_GET, row("302 303 404 404 303 403 403 403"), kwargs=lambda w: {"pk": w.cancelled.pk}
    ),
    "reports:download": Row(
        row("302 200 404 404 200 200 200 403"), kwargs=lambda w: {"pk": w.done.pk}
    ),
    # A schedule is its maker's; who sees all reads it, the office changes it.
    "reports:schedules": Row(WITH_CONTENT),
    "reports:schedule-new": Row(WITH_CONTENT, row("302 422 422 422 422 422 422 403")),
    "reports:schedule-ask": Row(WITH_CONTENT),
    "reports:choose-receiver": Row(WITH_CONTENT),
    "reports:schedule": Row(row("302 200 404 404 200 200 200 403"), kwargs=of_schedule),
    "reports:schedule-edit": Row(
        row("302 200 404 404 200 403 403 403"),
        row("302 422 404 404 422 403 403 403"),
        of_schedule,
    ),
    "reports:schedule-pause": Row(NO_GET, row("302 422 404 404 422 403 403 403"), of_schedule),
    "reports:schedule-resume": Row(NO_GET, row("302 422 404 404 422 403 403 403"), of_schedule),
    "reports:schedule-end": Row(NO_GET, row("302 422 404 404 422 403 403 403"), of_schedule),
    # A unit reads its own card; an area's and a head's are read where the units are.
    "reports:scorecards": Row(WITH_CONTENT),
    "reports:unit-scorecard": Row(ON_THE_TASK, kwargs=lambda w: {"code": w.cast.ward.code}),
    "reports:area-scorecard": Row(ON_THE_TASK, kwargs=lambda _w: {"code": "00001"}),
    "reports:head-scorecard": Row(ON_THE_TASK, kwargs=lambda w: {"pk": w.cast.ward_head.pk}),
    "reports:contest": Row(*BY_WARD, lambda w: {"code": w.cast.ward.code}),
    "reports:contests": Row(WITH_CONTENT),
    "reports:contests-waiting": Row(WITH_CONTENT),
    "reports:contest-page": Row(
        ON_THE_TASK,
        row("302 403 403 404 422 403 403 403"),
        lambda w: {"pk": FigureContest.objects.get(unit=w.cast.ward).pk},
    ),
}
# The local mail server's folder has addresses only where there is one, never in real service.
SINK = {
    "reminders:mail-list": Row(SIGNED_IN),
    "reminders:mail-page": Row(
        row("302 404 404 404 404 404 404 404"), kwargs=lambda _w: {"name": "none.eml"}
    ),
}
if settings.MAIL_SINK_DIR:
    ROWS |= SINK
