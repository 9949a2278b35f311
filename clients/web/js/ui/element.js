// Elements of the page: made, found, and the one that has the focus.

/**
 * An element: `element("button", { type: "button", class: "quiet", onclick: fn, dataset: {…}, ariaLabel: … }, child, "text")`.
 * Properties that are `undefined` or `null` are left out, and so are children. Text is never read as HTML.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, any>} [properties]
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, properties = {}, ...children) {
  /** @type {any} */
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key === "class") made.className = value;
    else if (key === "dataset") Object.assign(made.dataset, value);
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** @returns {any} the element that has the focus */
export const focused = () => document.activeElement;

/**
 * @param {Element} root
 * @param {string} selector
 * @returns {HTMLElement | null} the first that fits
 */
export const find = (root, selector) => root.querySelector(selector);
