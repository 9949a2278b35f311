// The log of a channel: what it has sent and will send. A test is seen to arrive there.

import { rich, t } from "../i18n/messages.js";
import { openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, instant, name } from "../ui/elements.js";
import { inWords } from "../ui/problems.js";
import * as text from "../ui/text.js";
import { CHANNELS } from "./channel-kinds.js";

const PAGE = 50;
/** Milliseconds between two reads while something is about to be sent, and between others. */
const SOON = 500;
const LATER = 5_000;

const STATES = { pending: t("delivery-pending"), sent: t("delivery-sent"), dead: t("delivery-dead"), skipped: t("delivery-skipped") };

/**
 * Opens the log of a channel; with `test`, after a test message was sent. Resolves when it was closed.
 * @param {any} context
 * @param {{id: string, name: string}} channel
 */
export async function openLog({ api, announce }, channel, { test = false } = {}) {
  const path = `${CHANNELS}/${channel.id}`;
  const note = element("p", { class: "table-note", role: "status" });
  const result = element("p", { class: "notice", role: "status", hidden: true });
  const list = element("ol", { class: "deliveries" });
  /** Ids of the test messages that this dialog waits for. */
  let awaited = new Set();
  let timer = null;
  let ended = false;

  async function load() {
    clearTimeout(timer);
    let wait = LATER;
    try {
      const { data } = await api.get(`${path}/deliveries`, { limit: PAGE });
      note.textContent = data.deliveries.length ? "" : t("delivery-none");
      const open = new Set([...list.querySelectorAll("details[open]")].map((each) => each.closest("li").dataset.id));
      list.replaceChildren(...data.deliveries.map((each) => line(each, open.has(String(each.id)))));
      tell(data.deliveries.filter((each) => awaited.has(each.messageId)));
      if (awaited.size) wait = SOON;
    } catch (error) {
      note.textContent = inWords(error);
    }
    if (!ended) timer = setTimeout(load, wait);
  }

  /** Says what became of the test, once its first try is over. */
  function tell(tests) {
    const tried = tests.filter((each) => settled(each));
    if (tests.length === 0 || tried.length < tests.length) return;
    awaited = new Set();
    const bad = tried.find((each) => each.state !== "sent");
    if (bad) say(t("delivery-test-failed", { outcome: outcome(bad) }), "bad");
    else say(t("delivery-test-arrived", { outcome: outcome(tried[0]) }), "good");
    announce(result.textContent);
  }

  /** @param {string} words
   * @param {string} [mood] `good` or `bad` */
  function say(words, mood = "") {
    result.className = `notice ${mood}`;
    result.textContent = words;
    result.hidden = false;
  }

  async function send() {
    result.hidden = true;
    try {
      const { data } = await api.post(`${path}/test`);
      awaited = new Set(data.messageIds);
      if (awaited.size === 0) say(t("delivery-no-browser"), "bad");
      else say(t("delivery-sending"));
    } catch (error) {
      say(error.status === 409 ? t("delivery-channel-off") : inWords(error), "bad");
    }
    await load();
  }

  const again = button(t("delivery-send-test"), send);
  const dialog = openDialog(rich("channel-log-name", { name: name(channel.name) }), again, result, note, list);
  dialog.element.classList.add("wide");
  again.focus();
  await (test ? send() : load());
  await dialog.closed;
  ended = true;
  clearTimeout(timer);
}

const settled = ({ state, attempts }) => state !== "pending" || attempts > 0;

/** What became of a delivery, in a sentence. */
export function outcome({ state, attempts, lastStatus, lastError, lastMs, nextAt }) {
  const answer = lastStatus ? t("delivery-answered", { status: String(lastStatus) }) : "";
  if (state === "sent") return lastMs === null ? t("delivery-confirmed", { answer: answer || t("delivery-confirmation") }) : t("delivery-confirmed-after", { answer: answer || t("delivery-confirmation"), time: t("duration-milliseconds", { value: lastMs }) });
  const reason = [answer, lastError ?? ""].filter(Boolean).join(": ") || t("delivery-no-answer");
  if (state === "pending" && attempts === 0) return t("delivery-soon");
  if (state === "pending") return t("delivery-next", { reason, time: text.clock(nextAt) });
  if (state === "skipped") return t("delivery-was-off");
  return t("delivery-tried", { reason, count: attempts });
}

function line(delivery, open) {
  const { id, type, state, createdAt, data } = delivery;
  const became = outcome(delivery);
  return element(
    "li",
    { dataset: { id, state } },
    element(
      "p",
      {},
      element("strong", {}, STATES[state] ?? state),
      " · ",
      instant(createdAt),
      " · ",
      element("code", {}, type),
    ),
    element("p", {}, data.text ?? data.title ?? ""),
    element("p", { class: "soft" }, became.charAt(0).toUpperCase() + became.slice(1)),
    element("details", { open }, element("summary", {}, t("delivery-content")), element("pre", { tabIndex: 0 }, JSON.stringify(data, null, 2))),
  );
}
