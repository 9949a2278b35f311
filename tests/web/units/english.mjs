// Import first: dates are written in British English, measures are metric. Node takes the language from its environment, or
// has none.
Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB", languages: ["en-GB"] }, configurable: true });
globalThis.localStorage = /** @type {any} */ ({ getItem: (key) => (key === "preferences" ? '{"units": "km"}' : null) });
