// A base map of one PMTiles file: the browser requests the parts that it needs.

import { language, t } from "../i18n/messages.js";
import { offlineStyle } from "./basemap.js";
import { archiveStyle, OWN_FONT, rasterStyle, tileAt } from "./looks.js";
import { MapProblem } from "./map-problem.js";
import { loadMapLibre } from "./maplibre.js";
import { loadPmtiles } from "./pmtiles.js";

/** The archives of the map, by their URL: MapLibre asks for their tiles. */
let protocol = null;

/** Lets MapLibre load sources whose URL begins with `pmtiles://`; resolves to the library. */
export async function usePmtiles() {
  const [library, maplibre] = await Promise.all([loadPmtiles(), loadMapLibre()]);
  if (protocol === null) {
    protocol = new library.Protocol();
    maplibre.addProtocol("pmtiles", protocol.tile);
  }
  return library;
}

/** The same as `loadStyle` for the look of an archive. */
export async function loadArchive({ look, tone }, { center, zoom }) {
  const url = new URL(look.url, location.href);
  let library;
  try {
    library = await usePmtiles();
  } catch {
    throw new MapProblem(t("map-no-pmtiles"));
  }
  const archive = protocol.get(url.href) ?? new library.PMTiles(url.href);
  let header, metadata, tile;
  try {
    header = await archive.getHeader();
    metadata = await archive.getMetadata();
    const { z, x, y } = tileAt(center.lng, center.lat, Math.max(header.minZoom, Math.min(header.maxZoom, Math.floor(zoom))));
    tile = await archive.getZxy(z, x, y);
  } catch (error) {
    throw new MapProblem(t("map-archive-failed", { host: url.host, reason: error.message }));
  }
  protocol.add(archive);
  const note = tile ? "" : t("map-archive-no-tile");
  const address = `pmtiles://${url.href}`;
  if (header.tileType !== library.TileType.Mvt && header.tileType !== library.TileType.Mlt) {
    const tiles = { url: address, attribution: metadata.attribution, maxzoom: header.maxZoom };
    return { style: rasterStyle(offlineStyle(tone), tiles, look.flavor === "dark"), font: OWN_FONT, ours: true, note, source: "tiles" };
  }
  const names = (metadata.vector_layers ?? []).map(({ id }) => id);
  if (!names.includes("roads") || !names.includes("earth")) {
    throw new MapProblem(names.length ? t("map-archive-layers", { names: names.join(", ") }) : t("map-archive-no-layers"));
  }
  const layers = library.layers("protomaps", library.namedFlavor(look.flavor), { lang: language });
  return { style: archiveStyle(address, metadata.attribution, layers), font: OWN_FONT, ours: false, note, source: "base:protomaps" };
}
