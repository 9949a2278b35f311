"""The backlog, as the recorder reports it."""

from __future__ import annotations

from hub.recorder.report import Progress
from hub.stores.redis.log.reader import Backlog


def test_the_backlog_is_exact_once_the_recorder_was_at_the_end_of_the_log() -> None:
    progress = Progress(offset="5-0")
    # Not known yet: committed entries of the last minute are counted, too.
    assert progress.behind("5-0", Backlog(40, 100, "9-0", 1.0)) == 40
    progress.offset = "9-0"
    assert progress.behind("9-0", Backlog(40, 100, "9-0", 0.0)) == 0
    assert progress.behind("9-0", Backlog(43, 103, "12-0", 0.1)) == 3
    progress.offset, progress.added = "11-0", 102
    assert progress.behind("11-0", Backlog(43, 103, "12-0", 0.1)) == 1


def test_a_commit_during_the_look_does_not_spoil_the_count() -> None:
    progress = Progress(offset="12-0")
    progress.behind("9-0", Backlog(40, 100, "9-0", 0.0))
    assert progress.added is None


def test_a_redis_that_does_not_count_reports_the_length() -> None:
    progress = Progress(offset="9-0")
    assert progress.behind("9-0", Backlog(40, None, "9-0", 0.0)) == 40
