// The user's own account: the password, the second factor, and the connection to the provider.

import { outcomeInWords } from "./outcomes.js";
import { rich, t } from "../i18n/messages.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords, showProblem } from "../ui/problems.js";
import { duration } from "../ui/text.js";
import { codeField, secretShown, showRecoveryCodes } from "./second-factor.js";

const AUTH = "/api/v1/auth";
/** Name of a field -> what the API calls it. */
const NAMES = { password: "password", "new-password": "newPassword", code: "code" };

export function mountAccount(place, { api, session, screen, announce }) {
  const { user } = session.state;
  const provider = screen.login.provider;
  const body = element("div", { class: "account" });
  const made = element("div", { class: "manage" }, element("h2", {}, t("account")), body);
  place.append(made);
  if (user) load();
  else body.append(element("p", {}, t("account-open-hub")));

  /** `done` is what was done before, shown above the account. */
  async function load(done = "") {
    let account;
    try {
      account = (await api.get(`${AUTH}/account`)).data;
    } catch (error) {
      body.replaceChildren(element("p", { class: "notice bad", role: "alert" }, inWords(error)));
      return;
    }
    const outcome = session.takeOutcome();
    const words = done || (outcome === "connected" ? t("account-connected-now", { provider }) : outcomeInWords(outcome, provider));
    const note = words ? element("p", { class: "notice", role: "status" }, words) : null;
    const sections = [account.password && screen.login.passwords ? ownPassword(account) : null, factor(account), provider ? connection(account) : null];
    body.replaceChildren(...[note, element("p", {}, rich("account-user", { name: name(account.username) })), ...sections].filter(Boolean));
  }

  function ownPassword(account) {
    const change = button(t("password-change"), () => changePassword(account), { ariaLabel: t("password-change") });
    return element("section", {}, element("h3", {}, t("channel-password")), element("p", {}, t("password-about")), change);
  }

  function factor(account) {
    const text = account.totp
      ? t("factor-on", { count: account.recoveryCodes })
      : account.password
        ? t("factor-off")
        : t("factor-of-provider", { provider });
    const change = account.totp
      ? button(t("switch-off"), switchOff, { ariaLabel: t("factor-switch-off") })
      : button(t("factor-set-up-verb"), () => setUp(account), { ariaLabel: t("factor-set-up") });
    const forced = account.totp && account.totpRequired;
    return element(
      "section",
      {},
      element("h3", {}, t("factor")),
      element("p", {}, text, forced ? ` ${t("factor-required")}` : ""),
      (account.totp || account.password) && !forced ? change : null,
    );
  }

  function connection(account) {
    const text = account.connected ? t("account-connected", { provider }) : t("account-not-connected", { provider });
    return element(
      "section",
      {},
      element("h3", {}, provider),
      element("p", {}, text),
      account.connected || !account.password ? null : button(t("account-connect-verb"), () => connect(account), { ariaLabel: t("account-connect", { provider }) }),
    );
  }

  const passwordField = () => field(t("channel-password"), { name: "password", type: "password", autocomplete: "current-password", hint: t("password-enter-again") });

  function changePassword({ username }) {
    const password = field(t("password-current"), { name: "password", type: "password", autocomplete: "current-password" });
    const fresh = field(t("password-new"), { name: "new-password", type: "password", autocomplete: "new-password", hint: t("password-hint") });
    const again = field(t("password-again"), { name: "new-password-again", type: "password", autocomplete: "new-password" });
    // Programs that keep passwords look for the name that it belongs to.
    const owner = element("input", { name: "username", autocomplete: "username", value: username, hidden: true });
    const asked = ask(t("password-change"), [password, fresh, again], t("password-change"), async () => {
      if (fresh.value !== again.value) {
        again.complain(t("passwords-differ"));
        again.focus();
        return;
      }
      await api.post(`${AUTH}/password`, { password: password.value, newPassword: fresh.value });
      await load(t("password-changed"));
      asked.close();
    }, owner);
  }

  async function setUp({ username }) {
    const password = passwordField();
    const asked = ask(t("factor-set-up"), [password], t("continue"), async () => {
      const secret = (await api.post(`${AUTH}/totp`, { username, password: password.value }, { anonymous: true })).data;
      asked.close();
      confirm(secret);
    });
  }

  function confirm(secret) {
    const code = codeField();
    const asked = ask(t("factor-set-up"), [code], t("switch-on"), async () => {
      const { data } = await api.post(`${AUTH}/totp/confirm`, { code: code.value }, { once: true });
      asked.close();
      announce(t("factor-is-on"));
      await showRecoveryCodes(data.recoveryCodes, announce);
      await load();
    }, secretShown(secret, announce));
  }

  function switchOff() {
    const code = codeField();
    const asked = ask(t("factor-switch-off"), [code], t("switch-off"), async () => {
      await api.post(`${AUTH}/totp/remove`, { code: code.value }, { once: true });
      asked.close();
      announce(t("factor-is-off"));
      await load();
    });
  }

  function connect({ totp }) {
    const password = passwordField();
    const code = totp ? codeField() : null;
    ask(t("connect-to", { provider }), code ? [password, code] : [password], t("continue"), async () => {
      const given = { password: password.value, ...(code ? { code: code.value } : {}) };
      const { data } = await api.post(`${AUTH}/oidc/connect`, given, { once: true });
      session.leaveFor(data.url);
    });
  }

  /** A dialog with fields. `act` sends them; what it throws is shown at the field that it is about, and the dialog stays. */
  function ask(title, fields, verb, act, ...above) {
    const line = problemLine();
    const submit = button(
      verb,
      async () => {
        for (const each of fields) each.complain("");
        line.textContent = "";
        const empty = fields.find((each) => !each.value);
        if (empty) {
          empty.complain(t("problem-required"));
          empty.focus();
          return;
        }
        try {
          await act();
        } catch (error) {
          refused(error, fields, line);
        }
      },
      { type: "submit", class: "primary" },
    );
    const form = element("form", { noValidate: true, onsubmit: (event) => event.preventDefault() }, ...above, ...fields.map((each) => each.element), line, actions(submit));
    const dialog = openDialog(title, form);
    fields[0].focus();
    return dialog;
  }

  return {
    destroy() {
      made.remove();
    },
  };
}

/** The fields of these dialogs are passwords and a code: a 401 or 403 is about them, not about the session. */
function refused(error, fields, line) {
  const aboutCode = error.errors?.some((each) => each.field === "code");
  const given = fields.find((each) => (each.input?.name === "code") === Boolean(aboutCode)) ?? fields[0];
  if ((error.status === 401 || error.status === 403) && given.input) {
    given.complain(aboutCode ? t("code-wrong") : t("password-is-wrong"));
    given.input.select();
  } else if (error.status === 429) line.textContent = t("log-in-too-often", { duration: duration(error.retryAfter ?? 60) });
  else showProblem(error, Object.fromEntries(fields.map((each) => [NAMES[each.input?.name], each])), line);
}
