"""Files as loggers write them, by format. Each has the same two points."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.messages import Fix
from clients.replay.names import DRIVER_ID, driver_id
from clients.replay.records import BadRow, Point, TrackError
from clients.replay.tables import columns
from clients.replay.tracks import read

PLACES = [(49.5, 8.25), (49.501, 8.251)]
TIMES = [datetime(2025, 6, 7, 12, 0, second, tzinfo=UTC) for second in (5, 6)]


def read_text(
    folder: Path, content: str | bytes, named: str = "", driver: str | None = None
) -> tuple[list[Point], list[BadRow]]:
    path = folder / "van.dat"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    bad: list[BadRow] = []
    found = read([path], bad.append, driver=driver, columns=columns(named) if named else None)
    return list(found), bad


def assert_both(found: tuple[list[Point], list[BadRow]]) -> list[Fix]:
    points, bad = found
    assert bad == []
    assert [(point.fix.latitude, point.fix.longitude) for point in points] == PLACES
    assert [point.fix.recorded_at for point in points] == TIMES
    return [point.fix for point in points]


TABLES = {
    "GPSLogger": (
        "time,lat,lon,elevation,accuracy,bearing,speed,satellites,provider,hdop,battery\n"
        "2025-06-07T12:00:05.000Z,49.5,8.25,110.5,6.0,90.0,3.5,8,gps,0.9,76\n"
        "2025-06-07T12:00:06.000Z,49.501,8.251,,,,,,gps,,\n"
    ),
    "semicolons and decimal commas": "Zeit;x\nTime;Lat;Lon\n1749297605;49,5;8,25\n1749297606;49,501;8,251\n",
    "tabs and milliseconds": "timestamp\tlatitude\tlongitude\n1749297605000\t49.5\t8.25\n"
    "1749297606000\t49.501\t8.251\n",
    "Excel": "sep=;\r\nTime;Latitude;Longitude;\r\n07.06.2025 12:00:05;49,5;8,25;\r\n"
    "07.06.2025 12:00:06;49,501;8,251;\r\n",
    "date and time": "# log\nUTC DATE,UTC TIME,LATITUDE,N/S,LONGITUDE,E/W\n2025/06/07,12:00:05,49.5,N,8.25,E\n"
    "20250607,120006,49.501,N,8.251,E\n",
    "an open quote": 'time,lat,lon,note\n2025-06-07T12:00:05Z,49.5,8.25,"a bridge\n'
    "2025-06-07T12:00:06Z,49.501,8.251,b\n",
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_names_of_columns_may_have_umlauts_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Zeit;Höhe;Breite;Länge\n1749297605;7;49,5;8,25\n1749297606;8;49,501;8,251\n"
    named = "time=Zeit,latitude=Breite,longitude=Länge,altitude=Höhe"
    assert [fix.altitude for fix in assert_both(read_text(tmp_path, text.encode(encoding), named))] == [7, 8]


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_tables_of_loggers(tmp_path: Path, text: str) -> None:
    assert_both(read_text(tmp_path, text))


def test_readings_of_gpslogger(tmp_path: Path) -> None:
    first, second = assert_both(read_text(tmp_path, TABLES["GPSLogger"]))
    assert (first.altitude, first.accuracy, first.heading, first.speed, first.battery) == (110.5, 6, 90, 3.5, 0.76)
    assert first.attributes == {"hdop": 0.9, "satellites": 8}
    assert (second.speed, second.attributes) == (None, None)


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_table_in_another_encoding(tmp_path: Path, code: str) -> None:
    mark = codecs.BOM_UTF16_BE if code == "utf-16-be" else b""
    assert_both(read_text(tmp_path, mark + TABLES["tabs and milliseconds"].encode(code)))


def test_columns_are_named_or_numbered(tmp_path: Path) -> None:
    rows = "1749297605;a;49,5;8,25;36\n1749297606;a;49,501;8,251;72\n"
    named = "time=Datum,lat=Breite,longitude=Länge,speed=Tempo"
    assert_both(read_text(tmp_path, "Datum;Fahrer;Breite;Länge;Tempo\n" + rows, named))
    assert_both(read_text(tmp_path, rows, "time=1,latitude=3,longitude=4"))
    with pytest.raises(TrackError, match="no column 'Tempo'"):
        read_text(tmp_path, "Datum;Breite;Länge\n" + rows, named)
    with pytest.raises(ValueError, match="fields: driver, time"):
        columns("colour=red")


def test_units_and_impossible_values(tmp_path: Path) -> None:
    text = "time,lat,lon,speed (km/h),heading,altitude_ft\n1749297605,49.5,8.25,36,-1,1000\n"
    text += "1749297606,49.501,8.251,-1,NaN,x\n"
    points, bad = read_text(tmp_path, text)
    first, second = assert_both((points, bad))
    assert (first.speed, first.heading, first.altitude) == (10, None, 304.8)
    assert (second.speed, second.heading, second.altitude) == (None, None, None)
    assert [point.left_out for point in points] == [("heading",), ("speed", "heading", "altitude")]


def test_south_and_west_have_a_sign(tmp_path: Path) -> None:
    points, bad = read_text(
        tmp_path, "time,lat,lon\n1749297605,33.5S,W 70.25\n1749297606,-33.5,70.25E\n1749297606,1E,2\n"
    )
    assert [(point.fix.latitude, point.fix.longitude) for point in points] == [(-33.5, -70.25), (-33.5, 70.25)]
    assert [row.reason for row in bad] == ["the latitude is not a number"]


def gpx(inner: str, head: str = '<?xml version="1.0"?>', attributes: str = "") -> str:
    return (
        f'{head}<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"{attributes}><metadata><author>'
        "<name>Bjørn</name></author></metadata><trk><trkseg>"
        f'<trkpt lat="49.5" lon="8.25"><time>2025-06-07T12:00:05Z</time>{inner}</trkpt>'
        '<trkpt lat="49.501" lon="8.251"><time>2025-06-07T12:00:06Z</time></trkpt></trkseg></trk></gpx>'
    )


@pytest.mark.parametrize(
    ("inner", "speed"),
    [
        ("<speed>4.5</speed>", 4.5),
        ("<speed>-1</speed><extensions><a:x><a:y><a:speed>4.5</a:speed></a:y></a:x></extensions>", 4.5),
        ("<extensions><a:speed>9</a:speed></extensions><speed>4.5</speed>", 4.5),
        ('<extensions><speed xmlns="urn:b">4.5</speed><a:time>2001-01-01T00:00:00Z</a:time></extensions>', 4.5),
        ('<extensions><a:ele>7</a:ele><a:trkpt lat="1" lon="2"><a:time>x</a:time></a:trkpt></extensions>', None),
        ('<time xmlns="urn:b">2001-01-01T00:00:00Z</time><ele xmlns="urn:b">7</ele>', None),
    ],
)
def test_gpx_knows_its_elements_and_those_of_extensions(tmp_path: Path, inner: str, speed: float | None) -> None:
    first, _ = assert_both(read_text(tmp_path, gpx(inner)))
    assert (first.speed, first.altitude) == (speed, None)


def test_gpx_with_a_prefix(tmp_path: Path) -> None:
    text = gpx("<speed>4.5</speed>").replace("xmlns=", "xmlns:g=").replace("</", "</g:").replace("<g", "<g:g")
    for name in ("metadata", "author", "name", "trk", "trkseg", "trkpt", "time", "speed"):
        text = text.replace(f"<{name}>", f"<g:{name}>").replace(f"<{name} ", f"<g:{name} ")
    first, _ = assert_both(read_text(tmp_path, text))
    assert first.speed == 4.5


@pytest.mark.parametrize(
    ("declared", "code", "mark"),
    [
        ("utf-8", "utf-8", codecs.BOM_UTF8),
        ("ISO-8859-1", "utf-8", codecs.BOM_UTF8),
        ("utf-16", "utf-8", codecs.BOM_UTF8),
        ("utf-16", "utf-8", b""),
        ("utf-8", "utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-8", "utf-16-be", b""),
        ("ISO-8859-1", "latin-1", b""),
        ("utf-8", "latin-1", b""),
        ("no-such-code", "utf-8", b""),
    ],
)
def test_gpx_whose_declaration_is_wrong(tmp_path: Path, declared: str, code: str, mark: bytes) -> None:
    text = gpx("<cmt>\x01</cmt>", f'<?xml version="1.0" encoding="{declared}"?>')
    assert_both(read_text(tmp_path, mark + text.encode(code)))


KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">
<Document>%s</Document></kml>"""


def test_kml(tmp_path: Path) -> None:
    track = (
        "<Placemark><gx:Track><when>2025-06-07T12:00:05Z</when><when>2025-06-07T12:00:06Z</when>"
        "<gx:coord>8.25 49.5 110</gx:coord><gx:coord>8.251 49.501</gx:coord><ExtendedData><SchemaData>"
        '<gx:SimpleArrayData name="speed"><gx:value>4.5</gx:value><gx:value>-1</gx:value></gx:SimpleArrayData>'
        "</SchemaData></ExtendedData></gx:Track></Placemark>"
    )
    first, second = assert_both(read_text(tmp_path, KML % track))
    assert (first.altitude, first.speed, second.speed) == (110, 4.5, None)
    marks = "".join(
        f"<Placemark><TimeStamp><when>2025-06-07T12:00:0{second}Z</when></TimeStamp>"
        f"<Point><coordinates>{place},0</coordinates></Point></Placemark>"
        for second, place in ((5, "8.25,49.5"), (6, "8.251,49.501"))
    )
    assert_both(read_text(tmp_path, KML % marks))
    line = "<Placemark><LineString><coordinates>8.25,49.5 8.251,49.501</coordinates></LineString></Placemark>"
    points, bad = read_text(tmp_path, KML % line)
    assert (points, [row.reason for row in bad]) == ([], ["no time", "no time"])


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"Feature","geometry":{"type":"LineString","coordinates":[[8.25,49.5],[8.251,49.501]]},'
        '"properties":{"coordTimes":["2025-06-07T12:00:05Z",1749297606000]}}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":'
        '[[[8.25,49.5]],[[8.251,49.501]]]},"properties":{"coordinateProperties":{"times":[[1749297605],[1749297606]]}}}]}',
        '{"locations":[{"type":"Feature","geometry":{"type":"Point","coordinates":[8.25,49.5,NaN]},"properties":'
        '{"timestamp":"2025-06-07T12:00:05Z","speed":-1}},{"lat":49.501,"lng":8.251,"time":1749297606}]}',
        '{"type":"heartbeat"}\n{"type":"location","latitude":49.5,"longitude":8.25,"recordedAt":"2025-06-07T12:00:05Z"}\n'
        '{"latitude":49.501,"longitude":8.251,"recordedAt":"2025-06-07T12:00:06Z"}',
    ],
)
def test_geojson_and_json(tmp_path: Path, text: str) -> None:
    assert_both(read_text(tmp_path, text))


def test_an_element_in_a_comment_is_not_the_root(tmp_path: Path) -> None:
    assert_both(read_text(tmp_path, "<!-- <name> -->" + gpx("", head="")))


def test_a_geojson_file_larger_than_a_piece_and_cut_off(tmp_path: Path) -> None:
    one = '{"type":"Feature","geometry":{"type":"Point","coordinates":[8.25,49.5]},"properties":{"time":%d}}'
    text = '{"type":"FeatureCollection","crs":{"properties":{"name":"x"}},"bbox":[1,2,3,4],"features":['
    text += ",\n".join(one % (1749297605 + n) for n in range(3000))
    points, bad = read_text(tmp_path, text + "]}")
    assert (len(points), bad, points[-1].line) == (3000, [], 3000)
    points, bad = read_text(tmp_path, text[:-9])
    assert (len(points), [row.reason for row in bad]) == (2999, ["the rest of the file cannot be read"])


def test_driver_of_a_file(tmp_path: Path) -> None:
    text = "time,lat,lon,device_id\n1749297605,49.5,8.25,Köln 1\n1749297606,49.501,8.251,\n"
    assert [fix.driver_id for fix in assert_both(read_text(tmp_path, text))] == ["Koln-1", "van"]
    assert [fix.driver_id for fix in assert_both(read_text(tmp_path, text, driver="x"))] == ["x", "x"]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("van-7", "van-7"),
        ("2024-02-03 08.15.00 Run", "2024-02-03-08.15.00-Run"),
        ("ride (12)", "ride-12"),
        ("Øst_ß", "Ost_ss"),
        ("e\u0301t\u00e9", "ete"),
        *((name, None) for name in ("b" * 65, "..", "Поездка 1", "Поход 1", "()")),
    ],
)
def test_a_driver_id_from_a_name(name: str, made: str | None) -> None:
    assert DRIVER_ID.match(driver_id(name))
    assert driver_id(name) == made or (made is None and driver_id(name) != driver_id(name + "x"))
