// The phone tokens of a driver: a new one as URL and QR code, shown once, and the list of those that exist.

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
  const title = ["Phones of ", name(driver.name || driverId)];
  if (session.state.open) {
    const url = `${location.origin}/osmand?id=${encodeURIComponent(driverId)}`;
    const text = "This hub is open: no phone token is needed, and any phone that reaches it can send positions. Enter this URL in the app:";
    await openDialog(title, element("p", {}, text), unreachable(url), copyable("URL for the app", url, announce), settings()).closed;
    return;
  }

  const label = field("Phone", { hint: "A name for the list below, such as: Samsung, day shift." });
  const line = problemLine();
  const shown = element("div", { class: "made", ariaLive: "polite" });
  const list = element("ul", { class: "things" });
  const note = element("p", { class: "table-note" });

  async function load() {
    try {
      const { data } = await api.get(path);
      list.replaceChildren(...data.tokens.map(entry));
      note.textContent = data.tokens.length ? "" : "No phone tokens.";
    } catch (error) {
      // A driver that sends positions without being registered has no phone tokens.
      note.textContent = error.status === 404 ? "No phone tokens." : inWords(error);
    }
  }

  function entry(token) {
    const called = token.label || "Unnamed phone";
    return element(
      "li",
      {},
      element("span", {}, name(called), " · since ", instant(token.createdAt)),
      button("Revoke", () => revoke(token, called), { ariaLabel: `Revoke ${called}` }),
    );
  }

  const revoke = (token, called) =>
    confirmDialog(["Revoke ", name(called), "?"], "The phone is rejected within seconds.", "Revoke", async () => {
      await api.delete(`${path}/${token.id}`);
      announce(`${called} is revoked.`);
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
        alt: "QR code of the URL",
        class: "qr",
      });
      shown.replaceChildren(
        element("p", { class: "notice" }, "Shown only once. Scan or copy it now. Anyone with this URL can send positions as this driver."),
        unreachable(token.url),
        code,
        copyable("URL for the app", token.url, announce),
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

  const submit = button("Create phone token", make, { type: "submit", class: "primary" });
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
  const dialog = openDialog(title, form, shown, element("h3", {}, "Phone tokens"), list, note);
  label.focus();
  await load();
  await dialog.closed;
}

/** A warning where phones cannot reach a URL, or only those in this network; null otherwise. */
function unreachable(url) {
  const reach = reachOf(url);
  if (reach === "any") return null;
  const text =
    reach === "machine"
      ? "The URL names this computer, so no phone can reach it. Open this page under an address that phones reach, or set HUB_PUBLIC_URL, and create the phone token again."
      : "Only phones in this network reach the URL: its address is a private one.";
  return element("p", { class: reach === "machine" ? "notice bad" : "notice" }, text);
}

/** The settings of common apps. */
function settings() {
  return element(
    "ul",
    { class: "app-settings" },
    element("li", {}, element("b", {}, "Traccar Client: "), "enter the URL above as Server URL and start the service."),
    element("li", {}, element("b", {}, "OwnTracks: "), "set Mode to HTTP and enter the URL above as URL, without encryption."),
    element("li", {}, element("b", {}, "Both: "), "allow location access always, and exclude the app from battery saving."),
  );
}
