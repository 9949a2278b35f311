// Runs before the first paint, so that a dark screen does not flash: a plain script, since modules wait for the document.
"use strict";
try {
  const kept = localStorage.getItem("theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
} catch {
  // Storage is closed to the page: the system's preference holds.
}
