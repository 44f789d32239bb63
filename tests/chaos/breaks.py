"""What is broken while mails flow, and mended again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import psycopg
import redis
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from hanoi_programmes.celery import app
from tests.chaos.count import Count, wait_until
from tests.chaos.crew import Crew


def pause(seconds: float) -> None:
    """Things go on meanwhile."""
    wait_until(lambda: False, seconds)


def kill_at_random(crew: Crew, count: Count, kills: int) -> int:
    """Kill the whole group while mails flow, at random moments; the seed, which is printed."""
    seed = time.time_ns() % 10**6
    print(f"seed {seed}", flush=True)  # noqa: T201 - for who looks into a failure
    random, all_mails = Random(seed), len(count.addresses)  # noqa: S311 - no secret
    for moment in sorted(random.sample(range(all_mails // 50, all_mails * 9 // 10), kills)):
        count.sink.wait_for(moment, seconds=300)
        pause(random.uniform(0, 0.2))
        crew.kill()
        count.hit()
        crew.replace()
    return seed


def flush_broker() -> int:
    """Forget everything under our keys, bindings of queues too; how many keys there were."""
    prefix = app.conf.broker_transport_options["global_keyprefix"]
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        keys = list(broker.scan_iter(match=f"{prefix}*"))
        return broker.delete(*keys) if keys else 0


@contextmanager
def database_away() -> Iterator[None]:
    """Every connection to our database is cut and none is taken, as while its server restarts."""
    known = connection.settings_dict
    connection.close()
    parts = {"user": known["USER"], "host": known["HOST"], "port": known["PORT"]}
    server = make_conninfo("", dbname="postgres", **{k: v for k, v in parts.items() if v})
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    name = sql.Identifier(known["NAME"])
    with psycopg.connect(server, autocommit=True) as beside:
        beside.execute(allow.format(name, sql.SQL("false")))
        try:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            beside.execute(cut, [known["NAME"]])
            yield
        finally:
            beside.execute(allow.format(name, sql.SQL("true")))
