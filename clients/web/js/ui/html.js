// The library that draws views from their state: docs/design.md tells why this one. A view keeps plain values, and calls
// `render(view(state), host)` after each change; what is the same stays in the document, and with it the focus.

export { html, nothing, render } from "../../vendor/lit-html/lit-html.js";
