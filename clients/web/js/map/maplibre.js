// The map library, in a file of its own: it is two thirds of a visit, and may not have been installed.

export const loadMapLibre = () => import("../../vendor/maplibre-gl/maplibre-gl.mjs");
