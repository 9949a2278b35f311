// The language of the document, and of the texts that it has from the start: elements name them with `data-l10n`, and their
// labels with `data-l10n-label`. Built pages have them translated already.

import { directionOf } from "./locale.js";
import { language, t } from "./messages.js";

const root = document.documentElement;
root.lang = language;
root.dir = directionOf(language);
for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-l10n]"))) each.textContent = t(each.dataset.l10n);
for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-l10n-label]"))) each.ariaLabel = t(each.dataset.l10nLabel);
