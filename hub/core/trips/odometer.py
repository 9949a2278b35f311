"""The figures of a trip: distance, moving time, top speed, path; robust against GPS noise, and readable for the past.

Adding up the steps of each second adds up noise: at 6 m of noise a driver waiting at a light "drives" 10 m/s. So
distance is measured in strides: a stride ends at a place far enough from the last one. The required distance grows with
the detours of the steps in between; the rest is added at the end. The chord of a stride cuts corners, the steps follow
them: so the steps count, divided by their usual ratio to the chord, which is the share of noise. A stride that took
long is idle time. Speed is measured over at least ``BASELINE`` seconds for the same reason.
"""

from __future__ import annotations

from msgspec import Struct

from hub.core.geo.geodesy import metres, scale
from hub.core.geo.paths import Place, Sleeve, encode_polyline, unwrapped

STRIDE = 20.0
"""Metres, the shortest stride: above the noise of a phone under open sky (95 % within 10 m)."""

WINDING = 1 / 3
"""Metres that a stride must be longer for each metre of steps: straight on, 30 m are a stride; wandering, 50 m."""

LONG_STRIDE = 50.0
"""Metres that end a stride whatever the steps were."""

NEAR = 25.0
"""Metres: until the next stride, a driver within this distance is standing."""

DETOUR = 1.5
"""Steps longer than the chord by more than this, and what is usual, are not a corner (1.41 at most) but standing."""

STANDING_SPEED = 0.5
"""Metres per second; a lower reported speed is standing (Doppler speeds of a parked phone are 0-0.3)."""

IDLE_SPEED = 1.0
"""Metres per second; a slower stride was mostly standing. Walking pace is 1.4."""

BASELINE = 10.0
"""Seconds over which speed is measured: 5 m of noise at both ends are 0.7 m/s then."""

PATH_TOLERANCE = 10.0
"""Metres between the track and its simplified path: a lane more or less, invisible on a city map."""


class Figures(Struct, array_like=True, frozen=True, gc=False):
    """The sums of a trip up to the place ``at``. Metres, microseconds, metres per second."""

    at: int
    latitude: float
    longitude: float
    distance: float
    moving: int
    max_speed: float
    points: int
    vertices: int
    gap: float


class Odometer(Struct, array_like=True, gc=False):
    """Sums since ``started_at`` (microseconds); ``at`` and the place are those of the last stride.

    ``walked`` is the length of the steps since then, ``usual`` the usual ratio of steps to strides; ``near_at`` is when
    the driver was last within ``NEAR`` of the place, ``near`` how far from it.
    """

    started_at: int
    latitude: float
    longitude: float
    at: int
    walked: float
    usual: float
    near_at: int
    near: float
    distance: float
    moving: int
    max_speed: float
    points: int
    # The place and time from which speed is being measured, the fastest speed reported since, and the last measurement.
    base_at: int
    base_latitude: float
    base_longitude: float
    reported: float
    measured: float
    path: Sleeve
    # Straight metres of jumps and of silences that are gaps: not part of ``distance``.
    gap: float = 0.0

    @classmethod
    def start(cls, at: int, latitude: float, longitude: float, points: int) -> Odometer:
        path = Sleeve([(latitude, longitude)], PATH_TOLERANCE)
        return cls(
            at,
            latitude,
            longitude,
            at,
            0.0,
            1.0,
            at,
            0.0,
            0.0,
            0,
            0.0,
            points,
            at,
            latitude,
            longitude,
            -1.0,
            0.0,
            path,
        )

    def step(
        self,
        at: int,
        latitude: float,
        longitude: float,
        speed: float | None,
        noise: float,
        way: float,
        kx: float,
        ky: float,
    ) -> None:
        """Take in a point, ``way`` metres from the one before.

        ``noise`` is its accuracy in metres (0 when unknown), ``kx`` and ``ky`` the scale there.
        """
        self.points += 1
        walked = self.walked = self.walked + way
        d = metres(self.latitude, self.longitude, latitude, longitude, kx, ky)
        if (
            d >= STRIDE
            and (d >= LONG_STRIDE or (d >= STRIDE + walked * WINDING and (speed is None or speed >= STANDING_SPEED)))
            and d >= 1.5 * noise  # 1.4 times the radius of 95 % is that of the difference of two such places
        ):
            usual = self.usual
            self.distance += walked / usual if walked <= DETOUR * usual * d else d
            # The median of the ratio, in small steps up and down: corners are few and do not change it.
            self.usual = usual + 0.01 if walked > (usual + 0.01) * d else max(1.0, usual - 0.01)
            self.walked = 0.0
            # It may have stood at first and then gone on: two parts, each moving or not.
            stayed, went = self.near_at - self.at, at - self.near_at
            if self.near * 1e6 >= stayed * IDLE_SPEED:
                self.moving += stayed
            if (d - self.near) * 1e6 >= went * IDLE_SPEED:
                self.moving += went
            self.near_at, self.near = at, 0.0
            self.path.extend((self.latitude, self.longitude), latitude, longitude, kx, ky)
            self.at, self.latitude, self.longitude = at, latitude, longitude
        elif d < NEAR:
            self.near_at, self.near = at, d
        if speed is not None and speed > self.reported:
            self.reported = speed
        took = at - self.base_at
        if took >= BASELINE * 1e6:
            measured = metres(self.base_latitude, self.base_longitude, latitude, longitude, kx, ky) / took * 1e6
            # A reported speed is finer than ours, unless it is nonsense. Ours must hold for two measurements: a wrong
            # fix, or the way back to the truth, spoils one.
            fastest = self.reported if 0 <= self.reported <= 2 * measured + 10 else min(measured, self.measured)
            if fastest > self.max_speed:
                self.max_speed = fastest
            self.measured = measured
            self.base_at, self.base_latitude, self.base_longitude, self.reported = at, latitude, longitude, -1.0

    def jump(self, at: int, latitude: float, longitude: float, way: float) -> None:
        """Continue elsewhere, ``way`` metres away: they count as gap only, the time until then is idle."""
        self.gap += way
        self.points += 1
        self.distance += self.walked if self.walked <= LONG_STRIDE else 0.0
        self.path.jump((self.latitude, self.longitude), (latitude, longitude))
        self.at, self.latitude, self.longitude = at, latitude, longitude
        self.base_at, self.base_latitude, self.base_longitude, self.reported = at, latitude, longitude, -1.0
        self.near_at, self.near, self.measured, self.walked = at, 0.0, 0.0, 0.0

    def read(self) -> Figures:
        """The sums as of now; ``path_to`` can go back to them until the path is bounded again."""
        return Figures(
            self.at,
            self.latitude,
            self.longitude,
            self.distance,
            self.moving,
            self.max_speed,
            self.points,
            len(self.path.vertices),
            self.gap,
        )

    def path_to(self, figures: Figures, end: Place) -> str:
        """The path up to where ``figures`` were read, and on to ``end``, as an encoded polyline."""
        vertices = self.path.vertices[: figures.vertices]
        for place in ((figures.latitude, figures.longitude), end):
            vertices.append(unwrapped(place, vertices[-1]))
        return encode_polyline(vertices)


def finish(figures: Figures, at: int, latitude: float, longitude: float) -> tuple[float, int]:
    """(distance in metres, moving time in microseconds) including the way from the last stride to a place."""
    d = metres(figures.latitude, figures.longitude, latitude, longitude, *scale(latitude))
    took = at - figures.at
    return figures.distance + d, figures.moving + (took if d * 1e6 >= took * IDLE_SPEED else 0)
