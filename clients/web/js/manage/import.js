// Drivers and vehicles from a CSV file, and to one: what a spreadsheet writes and opens.

import { actions, openDialog } from "../ui/dialogs.js";
import { download } from "../ui/download.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { inPlain, inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";

const CSV = "text/csv";

/**
 * The buttons *Import CSV* and *Export CSV* of a list. `path` is the file's address, `columns` are its column names; `imported()` is called
 * after something was stored.
 * @param {any} context
 * @param {{path: string, what: string, columns: string, imported: () => Promise<void>}} list
 */
export function csvButtons({ api, announce }, { path, what, columns, imported }) {
  const save = async () => {
    try {
      const response = await api.raw(path, {}, CSV);
      download(await response.blob(), `${what}s.csv`);
    } catch (error) {
      announce(inWords(error));
    }
  };
  const take = async () => {
    const counts = await askForFile(api, path, `Import ${what}s`, columns);
    if (!counts) return;
    announce(`${sums(counts)}.`);
    await imported();
  };
  return [button("Import CSV", take), button("Export CSV", save)];
}

/** Asks for a file, checks it, and stores it after a click. Resolves to the counts, null where nothing was stored. */
async function askForFile(api, path, title, columns) {
  const input = element("input", { type: "file", id: "import-file", accept: ".csv,text/csv" });
  const result = element("div", { ariaLive: "polite" });
  let content = "";
  let stored = null;

  const post = (params) => api.post(path, content, { type: CSV, params });

  async function check() {
    confirm.hidden = true;
    const [file] = input.files;
    if (!file) return;
    content = await file.text();
    try {
      const { data } = await post({ dryRun: true });
      const anything = data.created + data.changed > 0;
      result.replaceChildren(element("p", { class: "notice" }, anything ? `${sums(data)}.` : "Nothing would change."));
      confirm.hidden = !anything;
    } catch (error) {
      complain(error);
    }
  }

  function complain(error) {
    const named = error.errors ?? [];
    const lines = named.map((each) => element("li", {}, `${sentenceStart(each.field)}: ${inPlain(each)}`));
    const more = named.length ? "Nothing was stored. Correct the file, then choose it again." : inWords(error);
    result.replaceChildren(element("div", { class: "notice bad", role: "alert" }, element("p", {}, more), element("ul", {}, ...lines)));
  }

  const confirm = button(
    "Import",
    async () => {
      try {
        stored = (await post({})).data;
        dialog.close();
      } catch (error) {
        complain(error);
      }
    },
    { class: "primary", hidden: true },
  );
  input.addEventListener("change", check);
  const dialog = openDialog(
    title,
    element("p", {}, "The first line of the file names its columns: ", element("code", {}, columns), ". Only the first is needed."),
    element("p", { class: "soft" }, "Known ids are changed, others created. A field without a column stays; an empty cell empties its field."),
    element("div", { class: "field" }, element("label", { htmlFor: "import-file" }, "CSV file"), input),
    result,
    actions(confirm),
  );
  input.focus();
  await dialog.closed;
  return stored;
}

const sums = ({ created, changed, unchanged }) =>
  `New: ${text.count(created)}, changed: ${text.count(changed)}, unchanged: ${text.count(unchanged)}`;

const sentenceStart = (field = "") => field.charAt(0).toUpperCase() + field.slice(1);
