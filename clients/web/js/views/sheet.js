// In a narrow window the list and the panel are a sheet at the foot of the map, of three sizes. css/layout.css has them.

import { t } from "../i18n/messages.js";
import { element } from "../ui/element.js";

const SIZES = ["low", "half", "full"];
const WORDS = { low: t("sheet-low"), half: t("sheet-half"), full: t("sheet-full") };
/** Pixels of a drag that change the size; less is a click. */
const STEP = 40;

/**
 * Mounts the handle of the sheet in `screen`. `raise()` makes room for what was opened in the sheet.
 * @param {HTMLElement} screen
 * @param {(text: string) => void} announce
 */
export function mountSheet(screen, announce) {
  let size = 1;
  let from = null;
  let dragged = false;
  const handle = element("button", { type: "button", class: "sheet-handle", onclick: click, onkeydown: key });

  /** @param {number} next */
  function resize(next) {
    const to = Math.min(SIZES.length - 1, Math.max(0, next));
    if (to !== size) announce(WORDS[SIZES[to]]);
    size = to;
    screen.dataset.sheet = SIZES[size];
    handle.setAttribute("aria-expanded", String(size > 0));
    handle.ariaLabel = size === 0 ? t("sheet-show") : size === 1 ? t("sheet-enlarge") : t("sheet-hide");
  }

  function click() {
    if (!dragged) resize((size + 1) % SIZES.length);
    dragged = false;
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    resize(size + step);
    event.preventDefault();
  }

  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    dragged = false;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (from === null || Math.abs(event.clientY - from) < STEP) return;
    resize(size + (event.clientY < from ? 1 : -1));
    from = event.clientY;
    dragged = true;
  });
  for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, () => void (from = null));
  screen.prepend(handle);
  resize(1);
  return { raise: () => resize(Math.max(1, size)) };
}
