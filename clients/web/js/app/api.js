// Requests to the hub. An error is an `ApiError` with a sentence that can be shown.

import { t } from "../i18n/messages.js";

const WORDS = {
  0: t("api-no-answer"),
  401: t("api-log-in"),
  403: t("api-role"),
  404: t("api-not-found"),
  409: t("api-taken"),
  412: t("api-changed"),
  413: t("api-too-large"),
  429: t("problem-too-many"),
  503: t("problem-unavailable"),
};

/** Items of a list that are read at most, unless the caller says otherwise. */
const MOST_ITEMS = 100_000;

export class ApiError extends Error {
  /**
   * HTTP `status`, 0 without an answer; `detail` from the hub; `errors` name each invalid field; `etag` of the current
   * version, if the answer has one. The message can be shown. `again(signal)` sends the request once more and resolves to the
   * `Response`; null without an answer.
   * @param {number} status
   * @param {{detail?: string, errors?: {field: string, detail: string}[], etag?: string | null, retryAfter?: number | null, again?: ((signal: AbortSignal) => Promise<Response>) | null}} [answer]
   */
  constructor(status, { detail = "", errors = [], etag = null, retryAfter = null, again = null } = {}) {
    super(status === 422 && detail ? t("api-invalid", { detail }) : (WORDS[status] ?? t("api-error", { detail: detail || String(status) })));
    Object.assign(this, { name: "ApiError", status, detail, errors, etag, retryAfter, again });
  }
}

/** Whether the hub answers, but a part of it, such as the database, is unavailable. */
export const unavailable = (error) => error.name === "ApiError" && error.status >= 502 && Boolean(error.detail);

/**
 * `get`, `post`, `patch`, `delete`: each resolves to `{data, etag, headers}`; `data` is null where there is no JSON.
 * `all(path, name, params, options)` reads a list of several pages: `{items, more}`.
 * `raw(path, params, accept)` resolves to a `Response`, for files. The token stays in memory: `setToken(string | null)`.
 * `onUnauthorized` is called once for each request that gets 401; if it resolves to true, the request is repeated.
 */
export function createApi(base = "") {
  let token = null;
  /** @type {() => Promise<boolean>} */
  let onUnauthorized = async () => false;

  /**
   * @param {string} method
   * @param {string} path
   * @param {{params?: Record<string, any>, body?: unknown, type?: string, ifMatch?: string, accept?: string, anonymous?: boolean, once?: boolean}} [options]
   * With a `type` the body is a text or a `Blob` of that content type, else JSON is made of it. `once`: a 401 is about
   * the body, such as a wrong code, so the request is not repeated with another token.
   */
  async function send(method, path, { params = {}, body, type, ifMatch, accept = "application/json", anonymous = false, once = false } = {}) {
    const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
    // A list is a parameter that stands several times.
    const query = new URLSearchParams(given.flatMap(([name, value]) => [value].flat().map((each) => [name, each])));
    const address = `${base}${path}${query.size ? `?${query}` : ""}`;
    const content = type ? (body instanceof Blob ? body : String(body)) : body === undefined ? undefined : JSON.stringify(body);
    const attempt = async (/** @type {AbortSignal | undefined} */ signal = undefined) => {
      const headers = { accept };
      if (token && !anonymous) headers.authorization = `Bearer ${token}`;
      if (ifMatch) headers["if-match"] = ifMatch;
      if (body !== undefined) headers["content-type"] = type ?? "application/json";
      try {
        return await fetch(address, { method, headers, body: content, signal });
      } catch {
        throw new ApiError(0);
      }
    };
    let response = await attempt();
    if (response.status === 401 && !anonymous && !once && (await onUnauthorized())) response = await attempt();
    if (!response.ok) throw await problem(response, attempt);
    return response;
  }

  async function json(method, path, options) {
    const response = await send(method, path, options);
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return { data: isJson ? await response.json() : null, etag: response.headers.get("etag"), headers: response.headers };
  }

  /**
   * All items of a list that comes in pages, up to `bound`; `more` tells whether some were left out.
   * @param {string} path
   * @param {string} name of the list in the answer
   * @param {Record<string, any>} params
   * @param {{bound?: number, progress?: (count: number) => void, signal?: AbortSignal}} [options]
   */
  async function all(path, name, params, { bound = MOST_ITEMS, progress = () => {}, signal } = {}) {
    const items = [];
    let cursor;
    do {
      const { data } = await json("GET", path, { params: { ...params, cursor } });
      signal?.throwIfAborted();
      for (const item of data[name]) items.push(item);
      cursor = data.next;
      progress(items.length);
    } while (cursor && items.length < bound);
    return { items, more: Boolean(cursor) };
  }

  return {
    all,
    get: (path, params, options = {}) => json("GET", path, { params, ...options }),
    post: (path, body, options = {}) => json("POST", path, { body, ...options }),
    put: (path, body, options = {}) => json("PUT", path, { body, ...options }),
    patch: (path, body, options = {}) => json("PATCH", path, { body, ...options }),
    delete: (path, options = {}) => json("DELETE", path, options),
    raw: (path, params, accept) => send("GET", path, { params, accept }),
    setToken: (value) => void (token = value),
    onUnauthorized: (asked) => void (onUnauthorized = asked),
  };
}

async function problem(response, again) {
  /** @type {{detail?: string, errors?: {field: string, detail: string}[]}} */
  let found = {};
  try {
    found = await response.json();
  } catch {
    // A proxy's page, or an empty body: the status suffices.
  }
  return new ApiError(response.status, {
    detail: found.detail,
    errors: found.errors,
    etag: response.headers.get("etag"),
    retryAfter: Number(response.headers.get("retry-after")) || null,
    again,
  });
}
