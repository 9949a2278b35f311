// A second factor as users see it: the secret for their app, the field for its codes, the recovery codes.

import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { copyable } from "../ui/elements.js";
import { field } from "../ui/fields.js";

/** The field for a code. Recovery codes have letters, so the keyboard is not that for numbers. */
export const codeField = () =>
  field("Code", {
    name: "code",
    autocomplete: "one-time-code",
    autocapitalize: "none",
    spellcheck: false,
    dir: "ltr",
    hint: "The six digits that your authenticator app shows, or a recovery code.",
  });

/** A new secret, to be scanned or typed into an app. */
export function secretShown({ secret, qr }, announce) {
  return element(
    "div",
    { class: "new-factor" },
    element("p", {}, "Scan this code with an authenticator app, or type the key into it. Then enter the code that the app shows."),
    // As a picture the SVG can neither run scripts nor load anything.
    element("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(qr)}`, alt: "QR code of the key", class: "qr" }),
    copyable("Key for the app", secret, announce),
  );
}

/** Shows recovery codes; resolves when the dialog is closed. */
export function showRecoveryCodes(codes, announce) {
  const dialog = openDialog(
    "Recovery codes",
    element("p", { class: "notice" }, "Shown only once. Each code replaces a code of the app once, for the day on which the phone is lost. Keep them apart from the phone."),
    element("ul", { class: "recovery-codes", dir: "ltr" }, ...codes.map((code) => element("li", {}, element("code", {}, code)))),
    copyable("Recovery codes", codes.join(" "), announce),
  );
  // Like the login it belongs to no view, and stays when one is opened.
  dialog.element.classList.add("login");
  return dialog.closed;
}
