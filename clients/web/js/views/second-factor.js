// A second factor as users see it: the secret for their app, the field for its codes, the recovery codes.

import { t } from "../i18n/messages.js";
import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { copyable } from "../ui/elements.js";
import { field } from "../ui/fields.js";

/** The field for a code. Recovery codes have letters, so the keyboard is not that for numbers. */
export const codeField = () =>
  field(t("code"), {
    name: "code",
    autocomplete: "one-time-code",
    autocapitalize: "none",
    spellcheck: false,
    dir: "ltr",
    hint: t("code-hint"),
  });

/** A new secret, to be scanned or typed into an app. */
export function secretShown({ secret, qr }, announce) {
  return element(
    "div",
    { class: "new-factor" },
    element("p", {}, t("factor-scan")),
    // As a picture the SVG can neither run scripts nor load anything.
    element("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(qr)}`, alt: t("factor-qr"), class: "qr" }),
    copyable(t("factor-key"), secret, announce),
  );
}

/** Shows recovery codes; resolves when the dialog is closed. */
export function showRecoveryCodes(codes, announce) {
  const dialog = openDialog(
    t("recovery-codes"),
    element("p", { class: "notice" }, t("recovery-codes-about")),
    element("ul", { class: "recovery-codes", dir: "ltr" }, ...codes.map((code) => element("li", {}, element("code", {}, code)))),
    copyable(t("recovery-codes"), codes.join(" "), announce),
  );
  // Like the login it belongs to no view, and stays when one is opened.
  dialog.element.classList.add("login");
  return dialog.closed;
}
