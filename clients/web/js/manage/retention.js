// For how many months the positions of a driver are kept.

import { t } from "../i18n/messages.js";
import { askForNew } from "../ui/creating.js";
import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { number } from "../ui/kinds.js";
import { inWords } from "../ui/problems.js";

/** Asks for the months of a driver, which replace the setting of the hub. */
export async function openRetention({ api, announce }, row) {
  const path = `/api/v1/drivers/${encodeURIComponent(row.driverId)}/retention`;
  const title = t("driver-history-of", { name: row.name || row.driverId });
  let data;
  try {
    ({ data } = await api.get(path));
  } catch (error) {
    await openDialog(title, element("p", { role: "alert" }, inWords(error))).closed;
    return;
  }
  const hint = data.own ? t("retention-hint") : t("retention-hint-usual", { months: data.months });
  const columns = [{ key: "months", label: t("retention-months"), kind: number, inputMode: "numeric", hint, value: data.own ? number.text(data.months) : "" }];
  const save = async ({ months }) => {
    if (months !== null) return (await api.put(path, { months })).data;
    if (data.own) await api.delete(path, {});
    return { own: false };
  };
  const saved = await askForNew(title, columns, save, t("save"));
  if (saved) announce(t("retention-saved"));
}
