// What the registry has of a driver, on its panel: photo, phone number, vehicle and notes. Nothing for drivers that are not
// registered.

import { t } from "../i18n/messages.js";
import { openNotes, openPhoto, photoPath, profilePath } from "../manage/profile.js";
import { mayManage } from "../manage/roles.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { kindIcon, kindOf } from "../ui/vehicle-kinds.js";
import { wrong } from "../ui/text.js";

/**
 * A number as `tel:` takes it (RFC 3966), or null where there is none in the text.
 * @param {string} phone
 */
export function telephone(phone) {
  const digits = phone.replaceAll(/[^\d+*#]/g, "").replaceAll(/(?!^)\+/g, "");
  return /\d{3}/.test(digits) ? `tel:${digits}` : null;
}

/** Mount the section into `host`. Returns {destroy()}. */
export function mountDetails(host, context, driverId) {
  const { api, fleet, session } = context;
  const ended = new AbortController();
  /** As of the API; null until it is read. */
  let profile = null;
  let address = "";
  let shown = "";
  /** `storedAt` of the photo that is shown or read; undefined for none, and after a failure. */
  let pictured;

  const photo = element("div", { class: "details-photo" });
  const facts = element("dl", { class: "details-facts" });
  const notes = element("p", { class: "details-notes", dir: "auto" });
  const problem = element("p", { class: "notice bad", role: "alert", hidden: true });
  const driver = () => ({ driverId, name: fleet.nameOf(driverId) });
  const change = button(t("notes-edit"), async () => put(await openNotes(context, driver(), profile)));
  const newPhoto = mayManage(session.state) ? button(t("photo"), async () => put(await openPhoto(context, driver(), profile)), { ariaLabel: t("photo-change") }) : null;
  const buttons = element("div", { class: "actions", hidden: true }, change, newPhoto);
  const section = element("section", { class: "panel-part details", "aria-label": t("details-label"), hidden: true }, photo, facts, notes, problem, buttons);
  host.append(section);

  function show() {
    const entry = fleet.entryOf(driverId);
    section.hidden = !entry;
    if (!entry) return;
    if (!profile && problem.hidden) read();
    else if (profile) picture();
    const words = JSON.stringify(entry);
    if (words === shown) return;
    shown = words;
    facts.replaceChildren(...[entry.phone && row(t("phone"), called(entry.phone)), entry.vehicle && row(t("vehicle"), vehicleOf(entry.vehicle))].filter(Boolean));
  }

  function row(label, ...value) {
    return element("div", {}, element("dt", {}, label), element("dd", {}, ...value));
  }

  function called(phone) {
    const link = telephone(phone);
    return link ? element("a", { href: link, dir: "ltr" }, phone) : element("bdi", {}, phone);
  }

  function vehicleOf({ vehicleId, name, plate, type }) {
    const kind = kindOf(type);
    const texts = [name || vehicleId, plate].filter(Boolean).map((text) => element("bdi", {}, text));
    const label = type ?? "";
    return element(
      "span",
      { class: "details-vehicle" },
      kind ? kindIcon(kind) : null,
      element("span", {}, ...texts.flatMap((text, index) => (index ? [" · ", text] : [text])), label ? [" · ", element("bdi", {}, label)] : []),
    );
  }

  let reading = false;
  async function read() {
    if (reading) return;
    reading = true;
    try {
      const { data } = await api.get(profilePath(driverId));
      if (!ended.signal.aborted) put(data);
    } catch (error) {
      if (ended.signal.aborted) return;
      problem.replaceChildren(`${t("details-unread", { reason: wrong(error) })} `, button(t("retry"), again));
      problem.hidden = false;
    } finally {
      reading = false;
    }
  }

  function again() {
    problem.hidden = true;
    return read();
  }

  /** Shows another profile. */
  async function put(fresh) {
    profile = fresh;
    buttons.hidden = false;
    notes.textContent = profile.notes;
    notes.hidden = profile.notes === "";
    change.textContent = profile.notes === "" ? t("notes-add") : t("notes-edit");
    await picture();
  }

  /** Shows the photo of the profile, unless it is there already. */
  async function picture() {
    const wanted = profile.photo?.storedAt;
    if (wanted === pictured) return;
    pictured = wanted;
    let blob = null;
    try {
      // The address needs the token of the session, which an <img> does not send.
      if (profile.photo) blob = await (await api.raw(photoPath(driverId), {}, "image/jpeg")).blob();
    } catch (error) {
      if (ended.signal.aborted) return;
      // It is read again with the next names of the registry.
      if (pictured === wanted) pictured = undefined;
      console.info("The photo could not be read:", error.message);
    }
    // Another photo may be read by now.
    if (ended.signal.aborted || (blob && pictured !== wanted)) return;
    URL.revokeObjectURL(address);
    address = blob ? URL.createObjectURL(blob) : "";
    const { width, height } = profile.photo ?? {};
    photo.replaceChildren(...(blob ? [element("img", { src: address, width, height, alt: t("photo-of", { name: fleet.nameOf(driverId) }) })] : []));
  }

  const ends = [fleet.onRegistry(show)];
  show();
  return {
    destroy() {
      ended.abort();
      for (const end of ends) end();
      URL.revokeObjectURL(address);
    },
  };
}
