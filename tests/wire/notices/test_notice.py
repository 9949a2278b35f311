"""The CloudEvents form of notices."""

from __future__ import annotations

import json

from hub.wire.notices.notice import cloud_event
from tests.wire.notices.test_push import notice


def test_a_notice_is_a_cloud_event() -> None:
    assert json.loads(cloud_event(notice(lane="d", sequence=12))) == {
        "specversion": "1.0",
        "id": "alert_5b0d7a3c-8f0e-4f57-9a3a-1d1b6c7e2f44_opened",
        "source": "/fleets/f",
        "type": "hub.alert.opened",
        "time": "2026-11-27T00:00:00Z",
        "datacontenttype": "application/json",
        "data": {"title": "Left", "text": "d has left Depot", "severity": "critical"},
        "sequence": "000000000012",
        "lane": "d",
        "subject": "drivers/d",
    }


def test_what_was_missed_is_told_and_a_test_has_no_subject() -> None:
    event = json.loads(cloud_event(notice(driver_id=None, missed=3)))
    assert event["missed"] == 3 and "subject" not in event


def test_names_of_attributes_are_those_that_cloud_events_allows() -> None:
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in json.loads(cloud_event(notice())))


def test_data_without_words_has_the_type() -> None:
    import msgspec

    bare = notice(data=msgspec.Raw(b'{"tripId":"t"}'))
    assert (bare.title, bare.text, bare.severity) == ("hub.alert.opened", "hub.alert.opened", "info")
