// Import first: dates are written in the browser's variety of English. Node takes it from its environment, or has none.
Object.defineProperty(globalThis, "navigator", { value: { language: "en-GB" }, configurable: true });
