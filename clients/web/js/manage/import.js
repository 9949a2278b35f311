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
  const input = element("input", {
    type: "file",
    id: "import-file",
    accept: ".csv,text/csv",
    // The same file can be chosen again after it was corrected.
    onclick: () => void (input.value = ""),
  });
  let turn = 0;
  const result = element("div", { ariaLive: "polite" });
  let content = "";
  let stored = null;

  const post = (params) => api.post(path, content, { type: CSV, params });

  async function check() {
    const asked = ++turn;
    confirm.hidden = true;
    result.replaceChildren();
    const [file] = input.files;
    if (!file) return;
    let answer = null;
    let problem = null;
    try {
      content = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      answer = (await post({ dryRun: true })).data;
    } catch (error) {
      problem = error;
    }
    // Another file was chosen meanwhile.
    if (asked !== turn) return;
    if (problem instanceof TypeError) return say("The file is not UTF-8. Save it as “CSV UTF-8”, then choose it again.");
    if (problem instanceof DOMException) return say("The file has changed or cannot be read. Choose it again.");
    if (problem) return complain(problem);
    const anything = answer.created + answer.changed > 0;
    result.replaceChildren(element("p", { class: "notice" }, anything ? `${sums(answer)}.` : "Nothing would change."));
    confirm.hidden = !anything;
  }

  /** @param {string} sentence @param {...HTMLElement} lines */
  const say = (sentence, ...lines) => result.replaceChildren(element("div", { class: "notice bad", role: "alert" }, element("p", {}, sentence), ...lines));

  function complain(error) {
    const named = error.errors ?? [];
    const lines = named.map((each) => element("li", {}, `${sentenceStart(each.field)}: ${inPlain(each)}`));
    if (named.length) say("Nothing was stored. Correct the file, then choose it again.", element("ul", {}, ...lines));
    else say(inWords(error));
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
