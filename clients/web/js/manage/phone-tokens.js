// The phones of a driver: a URL and a QR code for an app, shown once, and the list of those that were given out.

import { confirmDialog, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, copyable, instant, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { driverPath, DRIVERS } from "./paths.js";

/** Opens the dialog; resolves when it was closed. `driver` is `{driverId, name}`. */
export async function openPhones({ api, session, announce }, driver) {
  const { driverId } = driver;
  const path = `${driverPath(driverId)}/tokens`;
  const title = ["Phones of ", name(driver.name || driverId)];
  if (session.state.open) {
    const url = `${location.origin}/osmand?id=${encodeURIComponent(driverId)}`;
    const text = "This hub is open: there are no keys, and every phone that reaches it may report. Type this into the app:";
    await openDialog(title, element("p", {}, text), copyable("URL for the app", url, announce), settings()).closed;
    return;
  }

  const label = field("Which phone is it for?", { hint: "For your own list, such as: Samsung of the day shift." });
  const line = problemLine();
  const shown = element("div", { class: "made", ariaLive: "polite" });
  const list = element("ul", { class: "things" });
  const note = element("p", { class: "table-note" });

  async function load() {
    try {
      const { data } = await api.get(path);
      list.replaceChildren(...data.tokens.map(entry));
      note.textContent = data.tokens.length ? "" : "No phone has a key yet.";
    } catch (error) {
      // A driver that reports without having been registered has no keys.
      note.textContent = error.status === 404 ? "No phone has a key yet." : inWords(error);
    }
  }

  function entry(token) {
    const called = token.label || "Phone without a name";
    return element(
      "li",
      {},
      element("span", {}, name(called), " · since ", instant(token.createdAt)),
      button("Revoke", () => revoke(token, called), { ariaLabel: `Revoke ${called}` }),
    );
  }

  const revoke = (token, called) =>
    confirmDialog(["Revoke ", name(called), "?"], "The phone is refused within seconds.", "Revoke", async () => {
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
        element("p", { class: "notice" }, "This is shown once. Scan it or copy it now; whoever has it can report as this driver."),
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
      // It has reported, but nobody registered it.
      await api.post(DRIVERS, { driverId });
      return (await api.post(path, body)).data;
    }
  }

  const submit = button("Make a key", make, { type: "submit", class: "primary" });
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
  const dialog = openDialog(title, form, shown, element("h3", {}, "Phones that have a key"), list, note);
  label.focus();
  await load();
  await dialog.closed;
}

/** What to type into the apps that people have. */
function settings() {
  return element(
    "ul",
    { class: "app-settings" },
    element("li", {}, element("b", {}, "Traccar Client: "), "Server URL is the URL above; switch the service on."),
    element("li", {}, element("b", {}, "OwnTracks: "), "Mode is HTTP, URL is the URL above; no encryption."),
    element("li", {}, element("b", {}, "Both: "), "Allow location always, and take the app out of battery saving."),
  );
}
