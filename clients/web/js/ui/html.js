// The library that draws views from their state; docs/design.md gives the reasons. A view keeps plain values, and draws
// itself after each change; what is the same stays in the document, and with it the focus.

import { html, nothing, render } from "../../vendor/lit-html/lit-html.js";
import { element } from "./element.js";

export { html, nothing };

/** Returns a function that draws a view into `host`, in an element of its own: the library keeps marks in it, and the
 * router empties the host. */
export function renderer(host) {
  const root = element("div");
  host.replaceChildren(root);
  return (view) => void render(view, root);
}
