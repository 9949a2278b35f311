// Drivers and vehicles from a CSV file, and to one: what a spreadsheet writes and opens.

import { rich, t } from "../i18n/messages.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { download } from "../ui/download.js";
import { element } from "../ui/element.js";
import { button } from "../ui/elements.js";
import { inPlain, inWords } from "../ui/problems.js";

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
    const counts = await askForFile(api, path, t("import-title", { what }), columns);
    if (!counts) return;
    announce(t("sentence", { text: sums(counts) }));
    await imported();
  };
  return [button(t("import-csv"), take), button(t("export-csv"), save)];
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
    if (problem instanceof TypeError) return say(t("import-not-utf8"));
    if (problem instanceof DOMException) return say(t("import-unreadable"));
    if (problem) return complain(problem);
    const anything = answer.created + answer.changed > 0;
    result.replaceChildren(element("p", { class: "notice" }, anything ? t("sentence", { text: sums(answer) }) : t("import-nothing")));
    confirm.hidden = !anything;
  }

  /** @param {string} sentence @param {...HTMLElement} lines */
  const say = (sentence, ...lines) => result.replaceChildren(element("div", { class: "notice bad", role: "alert" }, element("p", {}, sentence), ...lines));

  function complain(error) {
    const named = error.errors ?? [];
    const lines = named.map((each) => element("li", {}, t("import-problem", { place: sentenceStart(each.field), problem: inPlain(each) })));
    if (named.length) say(t("import-correct"), element("ul", {}, ...lines));
    else say(inWords(error));
  }

  const confirm = button(
    t("import"),
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
    element("p", {}, rich("import-columns", { columns: element("code", {}, columns) })),
    element("p", { class: "soft" }, t("import-about")),
    element("div", { class: "field" }, element("label", { htmlFor: "import-file" }, t("import-file")), input),
    result,
    actions(confirm),
  );
  input.focus();
  await dialog.closed;
  return stored;
}

const sums = ({ created, changed, unchanged }) =>
  t("import-sums", { created, changed, unchanged });

const sentenceStart = (field = "") => field.charAt(0).toUpperCase() + field.slice(1);
