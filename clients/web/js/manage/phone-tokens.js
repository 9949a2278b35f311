// The phone tokens of a driver: a new one as URL and QR code, shown once, and the list of those that exist.

import { rich, t } from "../i18n/messages.js";
import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { driverPath, DRIVERS } from "./paths.js";
import { reachOf } from "./reach.js";

/** Opens the dialog; resolves when it was closed. `driver` is `{driverId, name}`. */
export async function openPhones({ api, session, announce }, driver) {
  const { driverId } = driver;
  const path = `${driverPath(driverId)}/tokens`;
  const title = rich("driver-phones-of", { name: name(driver.name || driverId) });
  if (session.state.open) {
    const url = `${location.origin}/osmand?id=${encodeURIComponent(driverId)}`;
    const text = t("phone-open");
    await openDialog(title, element("p", {}, text), unreachable(url, t("phone-open-local")), copyable(t("phone-url"), url, announce), settings()).closed;
    return;
  }

  const label = field(t("phone"), { hint: t("phone-hint") });
  const line = problemLine();
  const shown = element("div", { class: "made", ariaLive: "polite" });
  const list = element("ul", { class: "things" });
  const note = element("p", { class: "table-note" });

  async function load() {
    try {
      const { data } = await api.get(path);
      list.replaceChildren(...data.tokens.map(entry));
      note.textContent = data.tokens.length ? "" : t("phone-none");
    } catch (error) {
      // A driver that sends positions without being registered has no phone tokens.
      note.textContent = error.status === 404 ? t("phone-none") : inWords(error);
    }
  }

  function entry(token) {
    const called = token.label || t("phone-unnamed");
    return element(
      "li",
      {},
      element("span", {}, rich("phone-since", { name: name(called), time: instant(token.createdAt) })),
      button(t("revoke"), () => revoke(token, called), { ariaLabel: t("revoke-name", { name: called }) }),
    );
  }

  const revoke = (token, called) =>
    confirmDialog(rich("revoke-title", { name: name(called) }), t("phone-revoke-about"), t("revoke"), async () => {
      await api.delete(`${path}/${token.id}`);
      announce(t("is-revoked", { name: called }));
      shown.replaceChildren();
      await load();
    });

  async function make() {
    line.textContent = "";
    label.complain("");
    try {
      const token = await created();
      const code = element("img", {
        // As a picture the SVG can neither run scripts nor load anything.
        src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(token.qr)}`,
        alt: t("phone-qr"),
        class: "qr",
      });
      shown.replaceChildren(
        element("p", { class: "notice" }, t("phone-once")),
        unreachable(token.url),
        code,
        copyable(t("phone-url"), token.url, announce),
        settings(),
      );
      label.value = "";
      code.scrollIntoView?.({ block: "nearest" });
      await load();
    } catch (error) {
      showProblem(error, { label }, line);
    }
  }

  async function created() {
    const body = { label: label.value };
    try {
      return (await api.post(path, body)).data;
    } catch (error) {
      if (error.status !== 404) throw error;
      // The driver has sent positions, but is not registered.
      await api.post(DRIVERS, { driverId });
      return (await api.post(path, body)).data;
    }
  }

  const submit = button(t("phone-create"), make, { type: "submit", class: "primary" });
  const form = element(
    "form",
    {
      noValidate: true,
      onsubmit: (event) => event.preventDefault(),
    },
    label.element,
    line,
    submit,
  );
  const dialog = openDialog(title, form, shown, element("h3", {}, t("phone-tokens")), list, note);
  label.focus();
  await load();
  await dialog.closed;
}

/** A warning where phones cannot reach a URL, or only those in this network; null otherwise. `local` is the text for a URL of this computer. */
function unreachable(url, local = t("phone-unreachable")) {
  const reach = reachOf(url);
  if (reach === "any") return null;
  const text = reach === "machine" ? local : t("phone-private");
  return element("p", { class: reach === "machine" ? "notice bad" : "notice" }, text);
}

/** The settings of common apps. */
function settings() {
  return element(
    "ul",
    { class: "app-settings" },
    element("li", {}, rich("phone-traccar", { app: element("b", {}, "Traccar Client:") })),
    element("li", {}, rich("phone-owntracks", { app: element("b", {}, "OwnTracks:") })),
    element("li", {}, rich("phone-both-about", { both: element("b", {}, t("phone-both")) })),
  );
}
