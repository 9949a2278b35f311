// Where a map has to be moved so that it shows all of some places.

/** Zoom beyond which a few places next to each other are not brought nearer. */
const NEAR = 15;
const PADDING = 48;
/** Zoom steps by which the map may be wider than needed before it is moved: every move is a distraction. */
const SLACK = 1;

/**
 * Moves a map that does not show all `places`, or much more than these. `calm`: without a glide.
 * @param {any} map of MapLibre
 * @param {{longitude: number, latitude: number}[]} places
 * @param {boolean} calm
 */
export function keepInSight(map, places, calm) {
  if (places.length === 0 || map.isMoving()) return;
  const [longitudes, latitudes] = [places.map((each) => each.longitude), places.map((each) => each.latitude)];
  const least = (values) => values.reduce((one, other) => Math.min(one, other));
  const most = (values) => values.reduce((one, other) => Math.max(one, other));
  const [west, south, east, north] = [least(longitudes), least(latitudes), most(longitudes), most(latitudes)];
  const shown = map.getBounds();
  const inside = shown.contains([west, south]) && shown.contains([east, north]);
  const camera = map.cameraForBounds([[west, south], [east, north]], { padding: PADDING, maxZoom: NEAR });
  if (!camera || (inside && camera.zoom - map.getZoom() < SLACK)) return;
  map.easeTo({ ...camera, duration: calm ? 0 : 1_000 });
}
