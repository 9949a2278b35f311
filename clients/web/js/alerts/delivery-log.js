// The log of a channel: what it has sent and will send. A test is seen to arrive there.

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

const STATES = { pending: "Waiting", sent: "Delivered", dead: "Given up", skipped: "Not sent" };

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
      note.textContent = data.deliveries.length ? "" : "Nothing was sent yet.";
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
    if (bad) say(`The test failed: ${outcome(bad)}`, "bad");
    else say(`The test arrived: ${outcome(tried[0])}`, "good");
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
      if (awaited.size === 0) say("No browser is subscribed to this channel.", "bad");
      else say("Sending the test …");
    } catch (error) {
      say(error.status === 409 ? "The channel is paused or disabled. Resume it first." : inWords(error), "bad");
    }
    await load();
  }

  const again = button("Send a test", send);
  const dialog = openDialog(["Log of ", name(channel.name)], again, result, note, list);
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
  const answer = lastStatus ? `the receiver answered ${lastStatus}` : "";
  if (state === "sent") return [answer || "confirmed", lastMs === null ? "" : `after ${text.count(lastMs)} ms`].filter(Boolean).join(" ") + ".";
  const reason = [answer, lastError ?? ""].filter(Boolean).join(": ") || "no answer";
  if (state === "pending" && attempts === 0) return "It is sent soon.";
  if (state === "pending") return `${reason}. Next try at ${text.clock(nextAt)}.`;
  if (state === "skipped") return "The channel was paused or disabled.";
  return `${reason}. It was tried ${text.plural(attempts, "time")}.`;
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
    element("details", { open }, element("summary", {}, "Content"), element("pre", { tabIndex: 0 }, JSON.stringify(data, null, 2))),
  );
}
