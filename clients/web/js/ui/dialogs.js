// Native dialogs: the browser keeps the focus inside, Escape closes, and the focus goes back to where it was.

import { t } from "../i18n/messages.js";
import { element, focused } from "./element.js";
import { button } from "./elements.js";
import { problemLine } from "./fields.js";
import { inWords } from "./problems.js";

let made = 0;

/** Opens a dialog over the page: `{element, close(), closed}`; `closed` is a promise of its end. */
export function openDialog(title, ...children) {
  const id = `dialog-${++made}`;
  const before = focused();
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-labelledby": id },
    element(
      "header",
      { class: "dialog-head" },
      element("h2", { id, tabIndex: -1 }, ...[title].flat()),
      button(t("close"), () => dialog.close(), { class: "quiet" }),
    ),
    ...children,
  );
  document.body.append(dialog);
  /** @type {Promise<void>} */
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      (before?.isConnected ? before : twin(before))?.focus();
      resolve();
    });
  });
  dialog.showModal();
  return { element: dialog, close: () => dialog.close(), closed };
}

/** The button of the same name, if the row of `gone` was drawn again. */
function twin(gone) {
  return gone?.ariaLabel ? [...document.querySelectorAll("button")].find((each) => each.ariaLabel === gone.ariaLabel) : null;
}

/** Calls `act` at once, or after the dialog that is open: until then the page below it takes no focus. */
export function afterDialog(act) {
  const open = document.querySelector("dialog[open]");
  if (open) open.addEventListener("close", act, { once: true });
  else act();
}

/** Asks before something that cannot be undone. `act` does it; what it throws is shown, and the dialog stays. */
export async function confirmDialog(title, text, verb, act) {
  const line = problemLine();
  let done = false;
  const keep = button(t("cancel"), () => dialog.close());
  const confirm = button(
    verb,
    async () => {
      line.textContent = "";
      try {
        await act();
        done = true;
      } catch (error) {
        line.textContent = inWords(error);
        return;
      }
      dialog.close();
    },
    { class: "danger" },
  );
  const dialog = openDialog(title, element("p", {}, ...[text].flat()), line, actions(keep, confirm));
  // The harmless answer is the one that Enter gives.
  keep.focus();
  await dialog.closed;
  return done;
}

/** The row of buttons at the foot of a form. */
export function actions(...buttons) {
  return element("div", { class: "actions" }, ...buttons);
}
