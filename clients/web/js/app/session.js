// The login of the page; an open hub needs none. The access token is in memory only; the refresh token survives a
// reload in a cookie that no script can read, and that all tabs of the browser share.

import { t } from "../i18n/messages.js";

const AUTH = "/api/v1/auth";
/** Also the name of the lock: of all tabs one at a time exchanges the cookie's token for the next. */
const NAME = "hub-session";
/** Part of a token's life after which it is renewed; the rest is for trying again. */
const RENEW_AT = 2 / 3;
const TRY_AGAIN = 5_000;
/** In the storage of the tab: the query and the view that it left for the provider. */
const RETURN = "hub-return";
const OUT = t("logged-out-elsewhere");
const LONGEST_TIMER = 2_000_000_000;

/**
 * `start()` resolves to `{open, user}`: `user` is `{userId, username, role, fleet, timeZone}`, or null without a login,
 * which an open hub does not need. `ended` of the state is the reason for the end of a session. `onChange(fn)` is called
 * with the state, `onToken(fn)` with each new access token before the old one expires.
 */
export function createSession(api) {
  const listeners = new Set();
  const tokenListeners = new Set();
  const tabs = new BroadcastChannel(NAME);
  let state = { open: true, user: null, ended: null };
  /** How a login with the provider ended; see outcomes.js. */
  let outcome = null;
  /** The user that was logged in last. */
  let last = null;
  let timer = null;
  let renewing = null;

  api.onUnauthorized(async () => {
    if (!state.user) return false;
    return refresh();
  });

  function set(change) {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }

  const isAnother = (user) => last !== null && (last.userId !== user.userId || last.role !== user.role);

  function take({ accessToken, expiresIn, user }) {
    // Another user logged in, here or in another tab: the page must be cleared.
    if (isAnother(user)) return location.reload();
    last = user;
    api.setToken(accessToken);
    later(expiresIn * 1000 * RENEW_AT);
    for (const listener of tokenListeners) listener(accessToken);
    if (!state.user) set({ user, ended: null });
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.min(delay, LONGEST_TIMER));
  }

  /** Whether there is a session. Concurrent callers share one request. */
  function refresh() {
    const asker = state.user;
    // While it waited for its turn, another tab may have logged out.
    renewing ??= exclusively(() => (asker && !state.user ? false : exchange())).finally(() => {
      renewing = null;
    });
    return renewing;
  }

  async function exchange() {
    let answer;
    try {
      answer = await api.post(`${AUTH}/refresh`, {}, { anonymous: true });
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        end(t("session-ended"));
        return false;
      }
      // The hub is unavailable: the session stays.
      if (state.user) later(TRY_AGAIN);
      else throw error;
      return false;
    }
    take(answer.data);
    return true;
  }

  function end(reason) {
    clearTimeout(timer);
    api.setToken(null);
    remember(false);
    if (state.user) set({ user: null, ended: reason });
  }

  tabs.onmessage = async ({ data }) => {
    if (data === "out") {
      end(OUT);
      // If the hub has ended the session first, this is the reason.
      if (state.ended && state.ended !== OUT) set({ ended: OUT });
    }
    if (data === "in" && !state.user && !state.open) await refresh().catch(later.bind(null, TRY_AGAIN));
  };

  return {
    /** The answer of `GET /api/v1/screen`. */
    screen: null,

    /** The time zone of the fleet, once `screen` is there. */
    get timeZone() {
      return state.user?.timeZone ?? this.screen.timeZone;
    },

    async start() {
      const { data, headers } = await api.get("/api/v1/screen", {}, { anonymous: true });
      this.screen = { ...data, time: Date.parse(headers.get("date")) + 500 || Date.now() };
      state = { open: data.open, user: null, ended: null };
      outcome = cameBack();
      // Without the mark there is no cookie either, so no request is needed.
      if (!data.open && (remembered() || outcome === "ok") && (await refresh()) && outcome === "ok") {
        remember(true);
        tabs.postMessage("in");
      }
      return state;
    },

    /** A ticket for the next socket, or null if none is needed. Throws `ApiError`. */
    async ticket() {
      if (state.open) return null;
      const { data } = await api.post(`${AUTH}/ticket`, {});
      return data.ticket;
    },

    refresh,

    /** The outcome of a login with the provider, once. */
    takeOutcome() {
      const taken = outcome;
      outcome = null;
      return taken;
    },

    /** Leaves the page for the provider, by default to log in there, and comes back to this view. */
    leaveFor(url = `${AUTH}/oidc/login`) {
      try {
        sessionStorage.setItem(RETURN, location.search + location.hash);
      } catch {
        // Storage is not available to the page: it comes back to the map.
      }
      location.assign(url);
    },

    /** Logs in. `showCodes(codes)` shows the recovery codes of a second factor that the login has set up, which
     * the hub gives once, and resolves when they were read: the page is not cleared for another user before that. Throws
     * `ApiError`: 401 for a wrong name, password or code, 403 where a `newPassword`, a `code` or a second factor (`totp`) is
     * needed, 429 with `retryAfter`. */
    async login(username, password, /** @type {{newPassword?: string, code?: string}} */ { newPassword, code }, showCodes) {
      const body = { username, password, cookie: true, ...(newPassword ? { newPassword } : {}), ...(code ? { code } : {}) };
      const { data } = await exclusively(() => api.post(`${AUTH}/token`, body, { anonymous: true }));
      remember(true);
      const codes = data.recoveryCodes;
      const another = isAnother(data.user);
      if (codes && another) await showCodes(codes);
      take(data);
      tabs.postMessage("in");
      if (codes && !another) showCodes(codes);
    },

    /** Ends the session here and in the other tabs, and clears the page. Throws `ApiError`; then the session stays. */
    async logout() {
      const { provider } = state.user;
      await exclusively(async () => {
        await api.post(`${AUTH}/logout`, {}, { anonymous: true });
        tabs.postMessage("out");
      });
      end(null);
      // After a logout the page shows nothing of the fleet.
      if (provider) location.assign(`${AUTH}/oidc/logout`);
      else location.reload();
    },

    get state() {
      return state;
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    onToken(listener) {
      tokenListeners.add(listener);
      return () => tokenListeners.delete(listener);
    },
  };
}

/** Two tabs that send the same refresh token would look like a stolen token. Browsers have locks on HTTPS and localhost
 * only; elsewhere the hub tolerates a token twice within seconds. */
function exclusively(work) {
  return navigator.locks ? navigator.locks.request(NAME, work) : work();
}

/** The outcome with which the provider sent the browser back, if it did. It is taken out of the address, which gets back
 * the query (a filter, `?kiosk`) and the view of before. */
function cameBack() {
  const outcome = new URLSearchParams(location.search).get("login");
  if (outcome === null) return null;
  let view = "";
  try {
    view = sessionStorage.getItem(RETURN) ?? "";
    sessionStorage.removeItem(RETURN);
  } catch {
    // Storage is not available to the page.
  }
  history.replaceState(null, "", location.pathname + (/^[?#]/.test(view) ? view : location.hash));
  return outcome;
}

function remembered() {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return true;
  }
}

function remember(there) {
  try {
    if (there) localStorage.setItem(NAME, "1");
    else localStorage.removeItem(NAME);
  } catch {
    // Storage is not available to the page: it requests a refresh at each start.
  }
}
