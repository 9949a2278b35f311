// The state of a driver: free, busy or off duty. Users set it here, the driver in its app.

import { rich, t } from "../i18n/messages.js";
import { openDialog } from "../ui/dialogs.js";
import { editor } from "../ui/editor.js";
import { element } from "../ui/element.js";
import { name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import { STATES } from "../ui/text.js";

/** Asks for the state of a driver. Resolves when that was set or given up. */
export async function openState({ api, announce }, driver) {
  const path = `/api/v1/drivers/${encodeURIComponent(driver.driverId)}/state`;
  const title = rich("driver-state-of", { name: name(driver.name) });
  let row;
  try {
    row = (await api.get(path)).data;
  } catch (error) {
    await openDialog(title, element("p", { role: "alert" }, inWords(error))).closed;
    return;
  }
  const close = () => dialog.close();
  // The hub has no way back to a state that was never set.
  const options = [...(row.state === null ? [["", t("driver-state-none")]] : []), ...Object.entries(STATES)];
  const columns = [{ key: "state", label: t("column-state"), options, nullable: true }];
  const form = editor({ api, announce, what: "state", called: driver.name, path, row, columns, done: close, left: close, method: "put", others: "driver", heading: false });
  const dialog = openDialog(title, form.element);
  form.focus();
  await dialog.closed;
}
