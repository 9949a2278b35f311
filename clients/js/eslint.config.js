// The rules of the page, for the client.
import globals from "../web/node_modules/globals/index.js";
import page, { scripts } from "../web/eslint.config.js";

export default [
  ...page.slice(0, 2),
  scripts("src/*.js"),
  { files: ["src/file-outbox.js"], languageOptions: { globals: globals.node } },
];
