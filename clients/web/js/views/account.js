// The user's own account: the second factor, and the connection to the provider.

import { outcomeInWords } from "../app/outcomes.js";
import { actions, openDialog } from "../ui/dialogs.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inWords } from "../ui/problems.js";
import { codeField, secretShown, showRecoveryCodes } from "./second-factor.js";

const AUTH = "/api/v1/auth";

export function mountAccount(place, { api, session, screen, announce }) {
  const { user } = session.state;
  const provider = screen.login.provider;
  const body = element("div", { class: "account" });
  const made = element("div", { class: "manage" }, element("h2", {}, "Account"), body);
  place.append(made);
  if (user) load();
  else body.append(element("p", {}, "This hub is open: it has no accounts."));

  async function load() {
    let account;
    try {
      account = (await api.get(`${AUTH}/account`)).data;
    } catch (error) {
      body.replaceChildren(element("p", { class: "notice bad", role: "alert" }, inWords(error)));
      return;
    }
    const outcome = session.takeOutcome();
    const words = outcome === "connected" ? `Your account is connected to ${provider}.` : outcomeInWords(outcome, provider);
    const note = words ? element("p", { class: "notice", role: "status" }, words) : null;
    const sections = [factor(account), provider ? connection(account) : null];
    body.replaceChildren(...[note, element("p", {}, "User: ", name(account.username)), ...sections].filter(Boolean));
  }

  function factor(account) {
    const text = account.totp
      ? `On. Recovery codes left: ${account.recoveryCodes}.`
      : account.password
        ? "Off. With it, a login with the password also needs a code of an authenticator app."
        : `Logins with ${provider} have the second factor of the provider.`;
    const change = account.totp
      ? button("Switch off", switchOff, { ariaLabel: "Switch the second factor off" })
      : button("Set up", () => setUp(account), { ariaLabel: "Set up the second factor" });
    const forced = account.totp && account.totpRequired;
    return element(
      "section",
      {},
      element("h3", {}, "Second factor"),
      element("p", {}, text, forced ? " This hub requires it." : ""),
      (account.totp || account.password) && !forced ? change : null,
    );
  }

  function connection(account) {
    const text = account.connected ? `Connected: you can log in with ${provider}.` : `Not connected. Connect it to log in with ${provider}.`;
    return element(
      "section",
      {},
      element("h3", {}, provider),
      element("p", {}, text),
      account.connected || !account.password ? null : button("Connect", connect, { ariaLabel: `Connect the account to ${provider}` }),
    );
  }

  const passwordField = () => field("Password", { name: "password", type: "password", autocomplete: "current-password", hint: "Enter your password again." });

  async function setUp({ username }) {
    const password = passwordField();
    const asked = ask("Set up the second factor", password, "Continue", async () => {
      const secret = (await api.post(`${AUTH}/totp`, { username, password: password.value }, { anonymous: true })).data;
      asked.close();
      confirm(secret);
    });
  }

  function confirm(secret) {
    const code = codeField();
    const asked = ask("Set up the second factor", code, "Switch on", async () => {
      const { data } = await api.post(`${AUTH}/totp/confirm`, { code: code.value });
      asked.close();
      announce("The second factor is on.");
      await showRecoveryCodes(data.recoveryCodes, announce);
      await load();
    }, secretShown(secret, announce));
  }

  function switchOff() {
    const code = codeField();
    const asked = ask("Switch the second factor off", code, "Switch off", async () => {
      await api.post(`${AUTH}/totp/remove`, { code: code.value });
      asked.close();
      announce("The second factor is off.");
      await load();
    });
  }

  function connect() {
    const password = passwordField();
    ask(`Connect to ${provider}`, password, "Continue", async () => {
      const { data } = await api.post(`${AUTH}/oidc/connect`, { password: password.value });
      session.leaveFor(data.url);
    });
  }

  /** A dialog with one field. `act` sends it; what it throws is shown at the field, and the dialog stays. */
  function ask(title, given, verb, act, ...above) {
    const line = problemLine();
    const submit = button(
      verb,
      async () => {
        given.complain("");
        line.textContent = "";
        if (!given.value) {
          given.complain("Required.");
          given.focus();
          return;
        }
        try {
          await act();
        } catch (error) {
          refused(error, given, line);
        }
      },
      { type: "submit", class: "primary" },
    );
    const form = element("form", { noValidate: true, onsubmit: (event) => event.preventDefault() }, ...above, given.element, line, actions(submit));
    const dialog = openDialog(title, form);
    given.focus();
    return dialog;
  }

  return {
    destroy() {
      made.remove();
    },
  };
}

/** The fields of these dialogs are a password and a code: a 401 or 403 is about them, not about the session. */
function refused(error, given, line) {
  const about = error.errors?.some((each) => each.field === "code") ? "Wrong code, or a code that was used before." : "Wrong password.";
  if ((error.status === 401 || error.status === 403) && given.input) {
    given.complain(about);
    given.input.select();
  } else line.textContent = inWords(error);
}
