// The drawing library, in a file of its own: it is loaded when a fence is drawn, and may not have been installed.

export const loadTerraDraw = () => import("../../vendor/terra-draw/terra-draw.mjs");
