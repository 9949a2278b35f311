"""Jobs in PostgreSQL: what is deleted some days after the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.core.jobs.fields import Contact, JobKind
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.jobs.jobs import JobFields, NewJob, add_jobs, expire_recipients, job

NOW = datetime(2026, 10, 5, tzinfo=UTC)


async def test_recipients_and_notes_are_deleted_some_days_after_the_end(database_url: str) -> None:
    connection = await postgres.connect(database_url, role="test", patience=30)
    try:
        fields = JobFields(JobKind.DELIVERY, 25.0, 55.0, address="here", recipient=Contact("Ann"), notes="ring")
        made = [one.job_id for one in await add_jobs(connection, "f", [NewJob(fields) for _ in range(3)])]
        for id, days in zip(made, (91, 89), strict=False):
            ended = NOW - timedelta(days=days)
            await connection.execute("UPDATE jobs SET status = 'done', ended_at = $2 WHERE id = $1", id, ended)

        async def kept() -> list[bool]:
            found = [await job(connection, "f", id) for id in made]
            assert all(one is not None and one.address == "here" for one in found)
            return [one is not None and (one.recipient, one.notes) == (Contact("Ann"), "ring") for one in found]

        await expire_recipients(connection, NOW, 0)
        assert await kept() == [True, True, True]
        await expire_recipients(connection, NOW, 90)
        assert await kept() == [False, True, True]
    finally:
        await connection.close()
