"""The main corridors around Dubai as hand-made polylines, and the depots along them.

Drawn from general knowledge, a point every one to three kilometres, accurate to a few hundred metres: for the simulator
and the built-in map, not a survey. Roads meet where they share a point. The roads to Hatta and Al Ain end at the edge
of the city, so that a map of all roads shows the city.
"""

from __future__ import annotations

from typing import NamedTuple

Place = tuple[float, float]
"""(latitude, longitude)"""


class Road(NamedTuple):
    """A corridor with one speed limit (km/h) and, if ``lights``, traffic lights at its points."""

    name: str
    limit: int
    lights: bool
    points: tuple[Place, ...]


# Where roads meet.
JEBEL_ALI_PORT = (25.0107, 55.0617)
JEBEL_ALI_GATE = (24.9850, 55.0930)
PORT_ROAD = (24.9480, 55.1330)
IBN_BATTUTA = (25.0440, 55.1180)
HESSA_E11 = (25.0980, 55.1690)
BARSHA_E11 = (25.1180, 55.1985)
DEFENCE = (25.1965, 55.2690)
TRADE_CENTRE = (25.2255, 55.2855)
GARHOUD_BRIDGE = (25.2345, 55.3290)
AL_NAHDA = (25.2925, 55.3640)
BU_KADRA = (25.1845, 55.3350)
BUSINESS_BAY = (25.1760, 55.2830)
BARSHA_E44 = (25.1040, 55.2270)
HESSA_E44 = (25.0720, 55.1990)
HESSA_E311 = (25.0480, 55.2380)
BARSHA_E311 = (25.0680, 55.2720)
JVC_E311 = (25.0330, 55.2050)
MIDWAY_E66 = (25.1230, 55.3680)
RAS_AL_KHOR_E311 = (25.1640, 55.4080)
MIRDIF_E311 = (25.2230, 55.4260)
SHARJAH_E311 = (25.3020, 55.4660)
QUDRA_E611 = (25.0010, 55.3190)
OUTLET_E611 = (25.0700, 55.4130)
AWIR_E611 = (25.1320, 55.4790)
KHAWANEEJ_E611 = (25.2260, 55.5300)
SHARJAH_E611 = (25.3010, 55.5790)
DUBAI_SOUTH = (24.9090, 55.1980)

ROADS = (
    Road(
        "Sheikh Zayed Road E11",
        120,
        False,
        (
            (24.8560, 54.8930),
            (24.8690, 54.9140),
            (24.8850, 54.9410),
            (24.9010, 54.9680),
            (24.9180, 54.9960),
            (24.9350, 55.0240),
            (24.9530, 55.0530),
            (24.9690, 55.0760),
            JEBEL_ALI_GATE,
            (25.0060, 55.1000),
            (25.0260, 55.1080),
            IBN_BATTUTA,
            (25.0590, 55.1290),
            (25.0710, 55.1395),
            (25.0830, 55.1510),
            HESSA_E11,
            (25.1090, 55.1840),
            BARSHA_E11,
            (25.1290, 55.2105),
            (25.1430, 55.2240),
            (25.1570, 55.2360),
            (25.1720, 55.2480),
            (25.1850, 55.2590),
            DEFENCE,
            (25.2110, 55.2765),
            TRADE_CENTRE,
            (25.2310, 55.2960),
            (25.2300, 55.3110),
            GARHOUD_BRIDGE,
            (25.2440, 55.3350),
            (25.2580, 55.3330),
            (25.2710, 55.3420),
            (25.2830, 55.3540),
            AL_NAHDA,
            (25.3080, 55.3750),
            (25.3230, 55.3860),
        ),
    ),
    Road(
        "Sheikh Mohammed bin Zayed Road E311",
        110,
        False,
        (
            (24.8690, 55.0420),
            (24.8960, 55.0720),
            (24.9230, 55.1010),
            PORT_ROAD,
            (24.9680, 55.1480),
            (24.9900, 55.1640),
            (25.0120, 55.1830),
            JVC_E311,
            HESSA_E311,
            (25.0570, 55.2540),
            BARSHA_E311,
            (25.0810, 55.2940),
            (25.0940, 55.3170),
            (25.1080, 55.3430),
            MIDWAY_E66,
            (25.1420, 55.3880),
            RAS_AL_KHOR_E311,
            (25.1850, 55.4180),
            (25.2040, 55.4230),
            MIRDIF_E311,
            (25.2420, 55.4330),
            (25.2620, 55.4420),
            (25.2820, 55.4530),
            SHARJAH_E311,
            (25.3240, 55.4780),
            (25.3460, 55.4890),
            (25.3680, 55.5000),
        ),
    ),
    Road(
        "Emirates Road E611",
        110,
        False,
        (
            PORT_ROAD,
            (24.9240, 55.1560),
            (24.9120, 55.1760),
            DUBAI_SOUTH,
            (24.9230, 55.2220),
            (24.9440, 55.2440),
            (24.9650, 55.2680),
            (24.9840, 55.2940),
            QUDRA_E611,
            (25.0190, 55.3440),
            (25.0370, 55.3690),
            (25.0540, 55.3920),
            OUTLET_E611,
            (25.0860, 55.4330),
            (25.1030, 55.4520),
            (25.1180, 55.4670),
            AWIR_E611,
            (25.1520, 55.4920),
            (25.1770, 55.5040),
            (25.2020, 55.5170),
            KHAWANEEJ_E611,
            (25.2510, 55.5450),
            (25.2760, 55.5620),
            SHARJAH_E611,
            (25.3260, 55.5950),
            (25.3510, 55.6080),
        ),
    ),
    Road(
        "Al Khail Road E44",
        100,
        False,
        (
            IBN_BATTUTA,
            (25.0400, 55.1360),
            (25.0440, 55.1550),
            (25.0550, 55.1770),
            HESSA_E44,
            (25.0880, 55.2130),
            BARSHA_E44,
            (25.1210, 55.2400),
            (25.1390, 55.2530),
            (25.1580, 55.2670),
            BUSINESS_BAY,
            (25.1850, 55.2990),
            (25.1870, 55.3170),
            BU_KADRA,
        ),
    ),
    Road(
        "Ras Al Khor Road E44",
        90,
        True,
        (
            BU_KADRA,
            (25.1790, 55.3510),
            (25.1740, 55.3690),
            (25.1690, 55.3880),
            RAS_AL_KHOR_E311,
        ),
    ),
    Road(
        "Dubai-Hatta Road E44",
        100,
        False,
        (
            RAS_AL_KHOR_E311,
            (25.1560, 55.4320),
            (25.1440, 55.4570),
            AWIR_E611,
            (25.1120, 55.5040),
            (25.0930, 55.5300),
            (25.0740, 55.5560),
            (25.0560, 55.5830),
            (25.0370, 55.6110),
            (25.0180, 55.6390),
            (24.9990, 55.6670),
            (24.9830, 55.6970),
        ),
    ),
    Road(
        "Dubai-Al Ain Road E66",
        120,
        False,
        (
            GARHOUD_BRIDGE,
            (25.2210, 55.3260),
            (25.2040, 55.3290),
            BU_KADRA,
            (25.1690, 55.3430),
            (25.1530, 55.3510),
            (25.1370, 55.3590),
            MIDWAY_E66,
            (25.1090, 55.3780),
            (25.0900, 55.3950),
            OUTLET_E611,
            (25.0490, 55.4300),
            (25.0270, 55.4480),
            (25.0030, 55.4660),
            (24.9790, 55.4830),
            (24.9550, 55.5000),
            (24.9310, 55.5180),
            (24.9070, 55.5370),
            (24.8830, 55.5560),
            (24.8590, 55.5730),
        ),
    ),
    Road(
        "Jebel Ali Port Road E77",
        80,
        True,
        (
            JEBEL_ALI_PORT,
            (25.0020, 55.0710),
            (24.9940, 55.0820),
            JEBEL_ALI_GATE,
            (24.9730, 55.1070),
            (24.9610, 55.1200),
            PORT_ROAD,
        ),
    ),
    Road(
        "Hessa Street",
        80,
        True,
        (
            HESSA_E11,
            (25.0910, 55.1780),
            (25.0820, 55.1880),
            HESSA_E44,
            (25.0640, 55.2120),
            (25.0560, 55.2250),
            HESSA_E311,
        ),
    ),
    Road(
        "Umm Suqeim Street",
        80,
        True,
        (
            BARSHA_E11,
            (25.1120, 55.2120),
            BARSHA_E44,
            (25.0930, 55.2410),
            (25.0810, 55.2560),
            BARSHA_E311,
            (25.0560, 55.2830),
            (25.0410, 55.2950),
            (25.0230, 55.3070),
            QUDRA_E611,
        ),
    ),
    Road(
        "Financial Centre Road",
        80,
        True,
        (DEFENCE, (25.1900, 55.2780), BUSINESS_BAY),
    ),
    Road(
        "Airport and Mirdif Road",
        80,
        True,
        (
            GARHOUD_BRIDGE,
            (25.2370, 55.3480),
            (25.2340, 55.3660),
            (25.2300, 55.3850),
            (25.2260, 55.4050),
            MIRDIF_E311,
            (25.2270, 55.4460),
            (25.2310, 55.4680),
            (25.2320, 55.4900),
            (25.2290, 55.5110),
            KHAWANEEJ_E611,
        ),
    ),
    Road(
        "Sharjah University Road",
        80,
        True,
        (
            AL_NAHDA,
            (25.2930, 55.3820),
            (25.2940, 55.4010),
            (25.2960, 55.4220),
            (25.2990, 55.4440),
            SHARJAH_E311,
            (25.3060, 55.4880),
            (25.3080, 55.5100),
            (25.3070, 55.5330),
            (25.3040, 55.5560),
            SHARJAH_E611,
        ),
    ),
)

DEPOTS = (
    JEBEL_ALI_PORT,
    PORT_ROAD,
    DUBAI_SOUTH,
    HESSA_E44,
    BARSHA_E44,
    BUSINESS_BAY,
    BU_KADRA,
    RAS_AL_KHOR_E311,
    AWIR_E611,
    OUTLET_E611,
    GARHOUD_BRIDGE,
    KHAWANEEJ_E611,
    SHARJAH_E311,
    SHARJAH_E611,
    (24.8560, 54.8930),  # the border towards Abu Dhabi
    (24.9830, 55.6970),  # on the road to Hatta
    (24.8590, 55.5730),  # on the road to Al Ain
    (25.3680, 55.5000),  # Ajman
)
"""Where trucks load and unload; each is a point of a road."""
