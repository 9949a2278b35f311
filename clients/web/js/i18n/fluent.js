// The library of messages (https://projectfluent.org), or a reader of our own where its package was not installed.

export const { FluentBundle, FluentResource } = await import("../../vendor/fluent/fluent.mjs").catch(() => import("./plain.js"));
