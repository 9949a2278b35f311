// The view of the map, kept over reloads.

/** Decimal places of degrees and zoom: a metre. */
const PLACES = 5;

const round = (value) => Number(value.toFixed(PLACES));

export function keepView(map, memory) {
  const { lng, lat } = map.getCenter().wrap();
  memory.set("view", [lng, lat, map.getZoom()].map(round));
}

/** Whether there was a view to be shown again. */
export function restoreView(map, memory) {
  const kept = memory.get("view");
  if (!Array.isArray(kept) || kept.length !== 3 || !kept.every(Number.isFinite)) return false;
  const [longitude, latitude, zoom] = kept;
  if (Math.abs(latitude) > 90 || zoom < 0 || zoom > map.getMaxZoom()) return false;
  map.jumpTo({ center: [longitude, latitude], zoom });
  return true;
}
