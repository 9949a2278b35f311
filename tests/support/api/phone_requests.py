"""One request of each app, line by line as the app writes it, with the position and the answer that it has to give.

The values are ours; names, units, notations and order are those of the apps. ``{path}`` stands for what the user
typed into the app.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.support.api.calls import Addressed, Answer
from tests.support.peers import Raw

TIME = "2025-11-24T16:00:00Z"
"""1764000000, the moment of all of them."""


class PhoneRequest(NamedTuple):
    """``driver`` is whom the app names, ``position`` what comes into the log beside it, ``answered`` the body."""

    app: str
    head: str
    body: bytes
    driver: str
    position: dict[str, Any]
    answered: bytes = b""


def send(hub: Addressed, head: str, body: bytes = b"", path: str = "/osmand") -> Answer:
    """The answer to a request as it is written, with path and length filled in."""
    lines = [line.strip() for line in head.strip().replace("{path}", path).splitlines()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    with Raw(hub.address) as raw:
        raw.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return Answer(*raw.response())


REQUESTS = [
    PhoneRequest(
        "Traccar Client 8 for Android",  # Accuracy 0 is a receiver of GPS that was not asked for it.
        """
        POST {path}?id=123456&timestamp=1764000000&lat=25.2&lon=55.3&speed=9.71922246&bearing=73.5&altitude=10.5&accuracy=0.0&batt=87.0&charge=true HTTP/1.1
        User-Agent: Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7 Build/AP1A.240405.002)
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        Content-Type: application/x-www-form-urlencoded
        Content-Length: 0
        """,  # noqa: E501
        b"",
        "123456",
        {"latitude": 25.2, "longitude": 55.3, "speed": 5.0, "heading": 73.5, "altitude": 10.5, "battery": 0.87,
         "attributes": {"charge": "true"}},
    ),
    PhoneRequest(
        "Traccar Client 8 for iOS",  # Without a battery that it could ask.
        """
        POST {path}?id=77&timestamp=1764000000&lat=-33.856784&lon=151.215297&speed=0&bearing=0&altitude=-2.25&accuracy=14.5&batt=-100 HTTP/1.1
        Host: localhost:8080
        Accept: */*
        User-Agent: TraccarClient/132 CFNetwork/1494.0.7 Darwin/23.4.0
        Accept-Language: en-GB,en;q=0.9
        Accept-Encoding: gzip, deflate
        Content-Length: 0
        Connection: keep-alive
        """,  # noqa: E501
        b"",
        "77",
        {"latitude": -33.856784, "longitude": 151.215297, "speed": 0.0, "heading": 0.0, "altitude": -2.25,
         "accuracy": 14.5},
    ),
    PhoneRequest(
        "Traccar Client 9",
        """
        POST {path}/ HTTP/1.1
        Content-Type: application/json; charset=utf-8
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        User-Agent: okhttp/4.12.0
        """,
        b'{"location":{"timestamp":"2025-11-24T16:00:00.000Z","coords":{"latitude":25.2,"longitude":55.3,"accuracy":4.5,'
        b'"speed":12.5,"heading":270,"altitude":31.5},"is_moving":true,"odometer":1200.5,"event":"motionchange",'
        b'"battery":{"level":0.5,"is_charging":false},"activity":{"type":"in_vehicle"},"extras":{},"_":"&id=48241179'
        b'&lat=25.2&lon=55.3&timestamp=2025-11-24T16:00:00.000Z&"},"device_id":"48241179"}',
        "48241179",
        {"latitude": 25.2, "longitude": 55.3, "speed": 12.5, "heading": 270.0, "altitude": 31.5, "accuracy": 4.5,
         "battery": 0.5, "attributes": {"is_moving": True, "odometer": 1200.5, "event": "motionchange",
                                        "activity": {"type": "in_vehicle"}, "is_charging": False}},
    ),
    PhoneRequest(
        "Traccar Client 10",
        """
        POST {path} HTTP/1.1
        Content-Type: application/x-www-form-urlencoded
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        """,
        b"id=90000001&timestamp=1764000000&lat=25.2&lon=55.3&speed=19.438444924&bearing=180.0&altitude=3.0&accuracy=6.5"
        b"&batt=50.0&charge=false&alarm=sos",
        "90000001",
        {"latitude": 25.2, "longitude": 55.3, "speed": 10.0, "heading": 180.0, "altitude": 3.0, "accuracy": 6.5,
         "battery": 0.5, "attributes": {"charge": "false", "alarm": "sos"}},
    ),
    PhoneRequest(
        "OsmAnd",
        """
        GET {path}?id=van7&lat=25.2&lon=55.3&timestamp=1764000000000&accuracy=4.0&altitude=12.0&bearing=45.5 HTTP/1.1
        User-Agent: Dalvik/2.1.0 (Linux; U; Android 13; SM-A536B Build/TP1A.220624.014)
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        """,
        b"",
        "van7",
        {"latitude": 25.2, "longitude": 55.3, "heading": 45.5, "altitude": 12.0, "accuracy": 4.0},
    ),
    PhoneRequest(
        "GPSLogger",
        """
        POST {path} HTTP/1.1
        Content-Type: application/json
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        User-Agent: okhttp/4.9.3
        """,
        b'{"device_id": "van8", "latitude": "25.2", "longitude": "55.3", "time": "2025-11-24T16:00:00.000Z",'
        b' "speed": "3.5", "bearing": "12.0", "accuracy": "8.25", "altitude": "44.0", "batt": "61.0"}',
        "van8",
        {"latitude": 25.2, "longitude": 55.3, "speed": 3.5, "heading": 12.0, "altitude": 44.0, "accuracy": 8.25,
         "battery": 0.61},
    ),
    PhoneRequest(
        "an app on a background-geolocation library, batch",  # Version 5 may write the time as a number.
        """
        POST {path} HTTP/1.1
        Content-Type: application/json
        Host: localhost:8080
        User-Agent: Courier/12 CFNetwork/1568.100.1 Darwin/24.0.0
        Accept: */*
        """,
        b'{"location":[{"event":"heartbeat","is_moving":false,"uuid":"3d1c0b52-0000-4000-8000-2b7f5f3c9a11","age":188,'
        b'"timestamp":1764000000000,"coords":{"latitude":25.2,"longitude":55.3,"accuracy":5,"altitude":0,'
        b'"ellipsoidal_altitude":0,"floor":null,"speed":-1,"speed_accuracy":-1,"heading":-1,"heading_accuracy":-1,'
        b'"altitude_accuracy":-1},"battery":{"level":-1,"is_charging":true},"extras":{}}],"device_id":"courier-12"}',
        "courier-12",
        {"latitude": 25.2, "longitude": 55.3, "altitude": 0.0, "accuracy": 5.0,
         "attributes": {"event": "heartbeat", "is_moving": False, "age": 188, "is_charging": True}},
    ),
    PhoneRequest(
        "an app on a background-geolocation library, flat",
        """
        POST {path} HTTP/1.1
        Content-Type: application/json
        Host: localhost:8080
        """,
        b'[{"provider":"gps","locationProvider":1,"time":1764000000000,"latitude":25.2,"longitude":55.3,"accuracy":5.5,'
        b'"speed":7.25,"altitude":19.0,"bearing":300.5,"device_id":"courier-13"}]',
        "courier-13",
        {"latitude": 25.2, "longitude": 55.3, "speed": 7.25, "heading": 300.5, "altitude": 19.0, "accuracy": 5.5,
         "attributes": {"provider": "gps", "locationProvider": 1}},
    ),
    PhoneRequest(
        "OwnTracks for Android",
        """
        POST {path} HTTP/1.1
        X-Limit-U: van9
        X-Limit-D: phone
        User-Agent: Owntracks-Android/gms/420503000
        Content-Type: application/json; charset=utf-8
        Host: localhost:8080
        Connection: Keep-Alive
        Accept-Encoding: gzip
        """,
        b'{"_type":"location","_id":"5f1c02aa","created_at":1764000007,"t":"u","batt":64,"bs":1,"acc":12,"vac":2,'
        b'"lat":25.2,"lon":55.3,"alt":21,"vel":36,"cog":91,"tst":1764000000,"m":1,"conn":"m","inregions":["depot"],'
        b'"tid":"V9","topic":"owntracks/van9/phone"}',
        "van9:phone",
        {"latitude": 25.2, "longitude": 55.3, "speed": 10.0, "heading": 91.0, "altitude": 21.0, "accuracy": 12.0,
         "battery": 0.64, "attributes": {"created_at": 1764000007, "t": "u", "bs": 1, "vac": 2, "m": 1, "conn": "m",
                                         "inregions": ["depot"], "tid": "V9"}},
        b"[]",
    ),
    PhoneRequest(
        "OwnTracks for iOS",  # Standing still, somewhere inside; without extended data.
        """
        POST {path} HTTP/1.1
        Host: localhost:8080
        X-Limit-D: tablet
        X-Limit-U: van10
        Content-Type: application/json
        User-Agent: OwnTracks/25.8.1 CFNetwork/1568.100.1 Darwin/24.0.0
        Accept: */*
        """,
        b'{"tst":1764000000,"acc":0,"lat":25.2,"_type":"location","lon":55.3,"tid":"va","batt":100,"bs":3,'
        b'"topic":"owntracks\\/van10\\/tablet"}',
        "van10:tablet",
        {"latitude": 25.2, "longitude": 55.3, "battery": 1.0, "attributes": {"tid": "va", "bs": 3}},
        b"[]",
    ),
    PhoneRequest(
        "a Traccar server that forwards JSON",
        """
        POST {path} HTTP/1.1
        Content-Type: application/json
        User-Agent: Jersey/3.1.10 (HttpUrlConnection 21.0.5)
        Host: localhost:8080
        Accept: text/html, image/gif, image/jpeg, */*; q=0.2
        Connection: keep-alive
        """,
        b'{"position":{"id":12,"attributes":{"batteryLevel":80.0,"ignition":true,"distance":10.5,"motion":true},'
        b'"deviceId":3,"protocol":"teltonika","serverTime":"2025-11-24T16:00:02.000+00:00",'
        b'"deviceTime":"2025-11-24T16:00:01.000+00:00","fixTime":"2025-11-24T16:00:00.000+00:00","valid":true,'
        b'"latitude":25.2,"longitude":55.3,"altitude":12.0,"speed":19.438444924,"course":90.0,"address":null,'
        b'"accuracy":0.0,"network":null,"geofenceIds":null},"device":{"id":3,"attributes":{},"groupId":0,'
        b'"name":"Truck 3","uniqueId":"352093080000001","status":"online"}}',
        "352093080000001",
        {"latitude": 25.2, "longitude": 55.3, "speed": 10.0, "heading": 90.0, "altitude": 12.0, "battery": 0.8,
         "attributes": {"ignition": True, "distance": 10.5, "motion": True, "protocol": "teltonika", "valid": True}},
    ),
    PhoneRequest(
        "a Traccar server that forwards by URL",
        """
        GET {path}?id=352093080000002&timestamp=1764000000000&lat=25.2&lon=55.3&speed=19.438444924&bearing=90.0&altitude=12.0&accuracy=0.0&valid=true HTTP/1.1
        User-Agent: Jersey/3.1.10 (HttpUrlConnection 21.0.5)
        Host: localhost:8080
        Accept: text/html, image/gif, image/jpeg, */*; q=0.2
        Connection: keep-alive
        """,  # noqa: E501
        b"",
        "352093080000002",
        {"latitude": 25.2, "longitude": 55.3, "speed": 10.0, "heading": 90.0, "altitude": 12.0,
         "attributes": {"valid": "true"}},
    ),
]  # fmt: skip

APPS = [request.app for request in REQUESTS]
