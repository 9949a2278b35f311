// What the pages of share links ask the hub for, again and again while they are in sight.

/** Milliseconds between two questions. */
export const PERIOD = 2_000;
/** Part of the period by which a question comes earlier or later, so that many viewers do not ask at once. */
const JITTER = 0.25;
const LONGEST_PERIOD = 30_000;
/** Milliseconds for an answer: a connection that is lost without an end counts as a failure then. */
const PATIENCE = 10_000;

/**
 * Asks `path` every two seconds, less often while the hub does not respond, and not while the page is hidden. `onAnswer(answer)` gets
 * each answer, `onEnd()` is called once when the link is over, `onChange()` after each question. `failures` counts those without an answer in a row;
 * `now()` is the hub's clock, epoch milliseconds; `stop()` ends it.
 * @param {{path: string, onAnswer: (answer: any) => void, onEnd: () => void, onChange: () => void}} parts
 */
export function startPolling({ path, onAnswer, onEnd, onChange }) {
  let failures = 0;
  /** The hub's clock minus ours, milliseconds. */
  let offset = 0;
  let timer = null;
  let over = false;

  function stop() {
    over = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  }

  async function ask() {
    clearTimeout(timer);
    timer = null;
    if (over || document.hidden) return;
    try {
      const response = await fetch(path, { headers: { accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (response.status === 404) return onEnd();
      if (!response.ok) throw new Error(`status ${response.status}`);
      const received = await response.json();
      // The link may have expired by the clock of the page while the hub answered.
      if (over) return;
      offset = (Date.parse(response.headers.get("date")) || Date.now()) - Date.now();
      failures = 0;
      onAnswer(received);
    } catch {
      failures += 1;
    }
    onChange();
    if (over) return;
    const period = Math.min(LONGEST_PERIOD, PERIOD * 2 ** Math.max(0, failures - 1));
    timer = setTimeout(ask, period * (1 - JITTER + 2 * JITTER * Math.random()));
  }

  function seen() {
    if (!document.hidden) ask();
  }

  document.addEventListener("visibilitychange", seen);
  ask();
  return {
    get failures() {
      return failures;
    },
    now: () => Date.now() + offset,
    stop,
  };
}

/**
 * When a place was measured, corrected where the device's clock is wrong: epoch milliseconds.
 * @param {{recordedAt: string, clockOffset?: number}} position
 */
export const measuredAt = ({ recordedAt, clockOffset }) => Date.parse(recordedAt) - (clockOffset ?? 0) * 1_000;
