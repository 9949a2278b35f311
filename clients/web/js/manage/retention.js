// For how many months the positions of a driver are kept.

import { askForNew } from "../ui/creating.js";
import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { number } from "../ui/kinds.js";
import { inWords } from "../ui/problems.js";

/** Asks for the months of a driver, which replace the setting of the hub. */
export async function openRetention({ api, announce }, row) {
  const path = `/api/v1/drivers/${encodeURIComponent(row.driverId)}/retention`;
  const title = `History of ${row.name || row.driverId}`;
  let data;
  try {
    ({ data } = await api.get(path));
  } catch (error) {
    await openDialog(title, element("p", { role: "alert" }, inWords(error))).closed;
    return;
  }
  const hint = `Whole months in addition to the current one; 0 keeps all. Leave empty for the setting of the hub${data.own ? "" : `, ${data.months}`}.`;
  const columns = [{ key: "months", label: "Months of history", kind: number, inputMode: "numeric", hint, value: data.own ? number.text(data.months) : "" }];
  const save = async ({ months }) => {
    if (months !== null) return (await api.put(path, { months })).data;
    if (data.own) await api.delete(path, {});
    return { own: false };
  };
  const saved = await askForNew(title, columns, save, "Save");
  if (saved) announce("The history setting was saved.");
}
