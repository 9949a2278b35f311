// Notes about a driver, and its photo: the dialogs that change them.

import { rich, t } from "../i18n/messages.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords } from "../ui/problems.js";
import { driverPath } from "./paths.js";

/** Pixels of the longer side of a photo that is sent: four times what the panel shows. */
const SIDE = 512;
const QUALITY = 0.85;

/** @param {string} driverId */
export const profilePath = (driverId) => `${driverPath(driverId)}/profile`;

/** @param {string} driverId */
export const photoPath = (driverId) => `${driverPath(driverId)}/photo`;

/** Asks for the notes about a driver. Resolves to the profile, the given one if nothing was saved. */
export async function openNotes({ api, announce }, driver, profile) {
  let saved = profile;
  const done = (data) => {
    saved = data;
    dialog.close();
  };
  const columns = [{ key: "notes", label: t("notes"), lines: 8, maxLength: 2_000 }];
  const path = profilePath(driver.driverId);
  const form = editor({ api, announce, what: "notes", called: driver.name, path, row: profile, columns, done, left: () => dialog.close(), heading: false });
  const dialog = openDialog(rich("notes-about", { name: name(driver.name) }), form.element);
  form.focus();
  await dialog.closed;
  return saved;
}

/** Asks for a photo of a driver. Resolves to the profile, the given one if nothing was saved. */
export async function openPhoto({ api, announce }, driver, profile) {
  let saved = profile;
  const line = problemLine();
  const file = field(t("photo-file"), { type: "file", accept: "image/*", hint: t("photo-file-hint") });

  async function save() {
    line.textContent = "";
    const [chosen] = file.input.files;
    if (!chosen) return file.complain(t("photo-choose"));
    let photo;
    try {
      photo = await reduced(chosen);
    } catch {
      return file.complain(t("photo-unreadable"));
    }
    await store(async () => (await api.put(photoPath(driver.driverId), photo, { type: "image/jpeg" })).data, t("photo-saved"));
  }

  async function remove() {
    await store(async () => {
      await api.delete(photoPath(driver.driverId));
      return { ...profile, photo: null };
    }, t("photo-deleted"));
  }

  async function store(change, words) {
    try {
      saved = await change();
    } catch (error) {
      line.textContent = inWords(error);
      return;
    }
    announce(words);
    dialog.close();
  }

  const buttons = [button(t("save"), save, { class: "primary" }), profile.photo ? button(t("photo-delete"), remove, { class: "danger" }) : null, button(t("cancel"), () => dialog.close())];
  const dialog = openDialog(rich("photo-of", { name: name(driver.name) }), file.element, line, actions(...buttons));
  file.focus();
  await dialog.closed;
  return saved;
}

/**
 * A picture as a JPEG that is small enough, upright and without metadata. Rejects for a file that is not a picture.
 * @param {Blob} file
 * @returns {Promise<Blob>}
 */
async function reduced(file) {
  const bitmap = await createImageBitmap(file);
  try {
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = element("canvas", { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
    const context = canvas.getContext("2d");
    // What is transparent would be black.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
    });
  } finally {
    bitmap.close();
  }
}
