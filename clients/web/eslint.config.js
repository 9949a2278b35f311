// Finds mistakes. Types are checked by tsc (tsconfig.json); layout is not checked.
import js from "@eslint/js";
import globals from "globals";

/** The rules for modules that run in browsers.
 * @param {string} files pattern */
export function scripts(files) {
  return {
    files: [files],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      "no-unused-vars": ["error", { args: "after-used", ignoreRestSiblings: true }],
      eqeqeq: "error",
      "no-implicit-globals": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "array-callback-return": "error",
    },
  };
}

export default [
  { ignores: ["built/", "vendor/", "**/*.d.ts"] },
  js.configs.recommended,
  scripts("js/**/*.js"),
  { files: ["js/app/theme.js"], languageOptions: { sourceType: "script" }, rules: { "no-implicit-globals": "off" } },
  scripts("worker/*.js"),
  { files: ["worker/*.js"], languageOptions: { sourceType: "script", globals: globals.serviceworker }, rules: { "no-implicit-globals": "off" } },
  { files: ["*.mjs", "*.js"], languageOptions: { globals: globals.node } },
];
