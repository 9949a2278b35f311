"""Sums and buckets."""

from __future__ import annotations

from hub.edge.ops.figures import Answers, Histogram


def test_a_bucket_holds_those_before_it() -> None:
    histogram = Histogram((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 2.0):
        histogram.observe(seconds)
    assert histogram.buckets() == [("0.1", 2.0), ("1.0", 3.0), ("+Inf", 4.0)]
    assert histogram.total == 2.65


def test_answers_are_counted_by_route_and_class() -> None:
    answers = Answers()
    for status in (200, 204, 404, 503):
        answers.count("/api/v1/drivers/{driver_id}", status, 0.01)
    assert answers.answers == {
        ("/api/v1/drivers/{driver_id}", "2xx"): 2,
        ("/api/v1/drivers/{driver_id}", "4xx"): 1,
        ("/api/v1/drivers/{driver_id}", "5xx"): 1,
    }
    assert answers.seconds["/api/v1/drivers/{driver_id}"].buckets()[-1] == ("+Inf", 4.0)
