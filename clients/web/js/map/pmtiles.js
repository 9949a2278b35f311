// PMTiles, a map of one file, and the Protomaps style: loaded where such a map is configured.

export const loadPmtiles = () => import("../../vendor/pmtiles/pmtiles.mjs");
