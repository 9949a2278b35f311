// Sound and notifications of the browser for new alerts. Both are off until a user turns them on.

import { t } from "../i18n/messages.js";

const KEY = "alert-signals";
/** Hertz and seconds of the two tones. */
const TONES = [660, 880];
const LENGTH = 0.16;
const LOUDNESS = 0.2;

/** The choices that this browser keeps: `{sound, notify}`. */
function kept() {
  try {
    return { sound: false, notify: false, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    // Storage is closed to the page, or has something else in it.
    return { sound: false, notify: false };
  }
}

const permitted = () => "Notification" in globalThis && Notification.permission === "granted";

/**
 * `{sound, notify, switchSound(), switchNotify()}`, for as long as the page is open. `show(alert)` is what a click on a
 * notification does.
 * @param {{alerts: any, announce: (text: string) => void, show: (alert: any) => void}} parts
 */
export function createSignals({ alerts, announce, show }) {
  const chosen = kept();
  /** @type {AudioContext | null} */
  let audio = null;

  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // The choice holds until the page is closed.
    }
  }

  async function play() {
    audio ??= new AudioContext();
    // After a reload, browsers play nothing before the first key or click.
    await audio.resume();
    for (const [index, hertz] of TONES.entries()) {
      const [tone, gain] = [audio.createOscillator(), audio.createGain()];
      const at = audio.currentTime + index * LENGTH;
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(LOUDNESS, at);
      gain.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + LENGTH);
    }
  }

  alerts.onOpened((alert) => {
    if (chosen.sound) play();
    // While the page is in front, the feed suffices.
    if (!chosen.notify || !permitted() || document.hasFocus()) return;
    const shown = new Notification(alert.title, { body: alert.text, tag: alert.alertId });
    shown.addEventListener("click", () => {
      focus();
      show(alert);
      shown.close();
    });
  });

  return {
    get sound() {
      return chosen.sound;
    },
    get notify() {
      return chosen.notify && permitted();
    },
    switchSound() {
      chosen.sound = !chosen.sound;
      keep();
      // The user hears what to expect, and browsers need a gesture before the first sound.
      if (chosen.sound) play();
    },
    async switchNotify() {
      if (!("Notification" in globalThis)) {
        announce(t("signals-https"));
        return;
      }
      const on = !(chosen.notify && permitted());
      if (on && (await Notification.requestPermission()) !== "granted") {
        announce(t("push-denied"));
        return;
      }
      chosen.notify = on;
      keep();
    },
  };
}
