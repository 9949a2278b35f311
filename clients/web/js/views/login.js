// The login over the map, and the user at the top. An open hub shows only a note.

import { outcomeInWords } from "./outcomes.js";
import { changeLanguage, languageOptions } from "../i18n/choice.js";
import { chosenLanguage } from "../i18n/locale.js";
import { t } from "../i18n/messages.js";
import { ROLE_NAMES } from "../manage/roles.js";
import { element } from "../ui/element.js";
import { button, name } from "../ui/elements.js";
import { field, problemLine } from "../ui/fields.js";
import { inPlain } from "../ui/problems.js";
import { duration } from "../ui/text.js";
import { codeField, secretShown, showRecoveryCodes } from "./second-factor.js";

/**
 * Shows the user in `place`, and the login dialog over the page without a session. Returns `{entered, destroy()}`:
 * `entered` is kept once the hub answers this page: at once on an open hub.
 */
export function mountLogin(place, context) {
  const { session, connection, announce } = context;
  let dialog = null;
  let enter;
  const entered = new Promise((resolve) => {
    enter = resolve;
  });
  const ends = [
    session.onChange(show),
    // An open socket lives on with the new token.
    session.onToken((token) => (connection.state.name === "ended" ? connection.start() : connection.renew(token))),
    connection.onState(({ name: now, reason }) => {
      if (now === "ended" && reason === "revoked" && session.state.user) session.refresh();
    }),
  ];

  function show(state) {
    if (state.open || state.user) enter();
    if (state.open) {
      place.replaceChildren(
        element("span", { class: "open-note", title: t("open-hub-title") }, t("open-hub")),
      );
      return;
    }
    if (state.user) {
      place.replaceChildren(
        element("span", { class: "signed-in-user" }, account(state.user.username), element("span", { class: "role" }, ROLE_NAMES[state.user.role] ?? state.user.role)),
        button(t("log-out"), logOut, { class: "quiet" }),
      );
      dialog?.close();
      dialog?.remove();
      dialog = null;
      return;
    }
    place.replaceChildren();
    if (dialog) {
      dialog.querySelector(".ended").textContent = state.ended ?? "";
    } else {
      dialog = loginDialog(context, state.ended ?? outcomeInWords(session.takeOutcome(), session.screen.login.provider));
      document.body.append(dialog);
      dialog.showModal();
      dialog.querySelector(".with-provider, input").focus();
    }
  }

  async function logOut() {
    try {
      await session.logout();
    } catch (error) {
      announce(t("log-out-failed", { reason: inWords(error) }));
    }
  }

  show(session.state);
  return {
    entered,
    destroy() {
      for (const end of ends) end();
      dialog?.remove();
      place.replaceChildren();
    },
  };
}

/** The name of the user, which leads to the account. */
const account = (username) => element("a", { href: "#/account", title: t("account") }, name(username));

function loginDialog({ session, api, announce }, ended) {
  const { passwords, provider } = session.screen.login;
  const username = field(t("user-name"), { name: "username", autocomplete: "username", autocapitalize: "none", spellcheck: false, dir: "ltr" });
  const password = field(t("channel-password"), { name: "password", type: "password", autocomplete: "current-password" });
  const fresh = field(t("password-new"), {
    name: "new-password",
    type: "password",
    autocomplete: "new-password",
    hint: t("password-hint"),
  });
  const again = field(t("password-again"), { name: "new-password-again", type: "password", autocomplete: "new-password" });
  const renewal = element(
    "div",
    { class: "renewal", hidden: true },
    element("p", { class: "notice" }, t("password-once")),
    fresh.element,
    again.element,
  );
  const code = codeField();
  const factor = element("div", { class: "renewal", hidden: true }, code.element);
  const line = problemLine();

  const submit = button(
    t("log-in"),
    async () => {
      for (const each of [username, password, fresh, again, code]) each.complain("");
      line.textContent = "";
      const missing = [username, password, ...(renewal.hidden ? [] : [fresh]), ...(factor.hidden ? [] : [code])].find((each) => !each.value);
      if (missing) {
        missing.complain(t("problem-required"));
        missing.focus();
        return;
      }
      if (!renewal.hidden && fresh.value !== again.value) {
        again.complain(t("passwords-differ"));
        again.focus();
        return;
      }
      submit.textContent = t("logging-in");
      try {
        const given = { newPassword: renewal.hidden ? undefined : fresh.value, code: factor.hidden ? undefined : code.value };
        await session.login(username.value, password.value, given, (codes) => showRecoveryCodes(codes, announce));
      } catch (error) {
        await refused(error);
      } finally {
        submit.textContent = t("log-in");
      }
    },
    { type: "submit", class: "primary" },
  );

  async function refused(error) {
    const about = (wanted) => error.errors?.find((each) => each.field === wanted);
    const renew = about("newPassword");
    if (about("totp") && !(await setUp())) return;
    if ((about("code") || about("totp")) && factor.hidden) {
      factor.hidden = false;
      code.focus();
      announce(t("code-enter"));
      if (renew) renewal.hidden = false;
    } else if (about("code")) {
      code.complain(t("code-wrong"));
      code.input.select();
    } else if (renew && renewal.hidden) {
      renewal.hidden = false;
      fresh.focus();
      announce(t("password-choose"));
    } else if (renew) {
      fresh.complain(inPlain(renew));
      fresh.focus();
    } else {
      line.textContent = inWords(error);
      if (error.status === 401) password.input.select();
    }
  }

  /** Shows the secret of a second factor, which this login has to set up; false if there is none. */
  async function setUp() {
    try {
      const { data } = await api.post("/api/v1/auth/totp", { username: username.value, password: password.value }, { anonymous: true });
      factor.replaceChildren(element("p", { class: "notice" }, t("factor-hub-requires")), secretShown(data, announce), code.element);
      return true;
    } catch (error) {
      line.textContent = inWords(error);
      return false;
    }
  }

  const form = element(
    "form",
    {
      noValidate: true,
      method: "dialog",
      onsubmit: (event) => event.preventDefault(),
    },
    username.element,
    password.element,
    renewal,
    factor,
    line,
    element("div", { class: "actions" }, submit),
  );
  return element(
    "dialog",
    {
      class: "dialog login",
      "aria-labelledby": "login-title",
      // There is nothing behind it to go to.
      oncancel: (event) => event.preventDefault(),
    },
    element("h2", { id: "login-title" }, t("log-in")),
    element("p", { class: "notice ended", role: "status" }, ended ?? ""),
    provider && button(t("log-in-with", { provider }), () => session.leaveFor(), { class: "primary with-provider" }),
    passwords ? form : element("details", {}, element("summary", {}, t("log-in-once")), form),
    // The button at the top of the page is below the dialog.
    element("select", { class: "login-language", ariaLabel: t("settings-language"), onchange: ({ target }) => changeLanguage(target.value) }, ...languageOptions().map(([value, text]) => element("option", { value, selected: value === chosenLanguage() }, text))),
  );
}

function inWords(error) {
  switch (error.status) {
    case 0:
      return t("problem-no-answer");
    case 401:
      return t("password-wrong");
    case 429:
      return t("log-in-too-often", { duration: duration(error.retryAfter ?? 60) });
    case 503:
      return t("log-in-unavailable");
    case undefined:
      throw error;
    default:
      return error.message;
  }
}
