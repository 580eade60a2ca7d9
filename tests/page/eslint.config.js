// How the scripts of the report page are written. Types are checked by tsc; this is for the rest.

import js from "@eslint/js";
import stylistic from "@stylistic/eslint-plugin";
import globals from "globals";

const style = stylistic.configs.customize({
  arrowParens: true, braceStyle: "1tbs", indent: 2, quoteProps: "as-needed", quotes: "double", semi: true,
});

export default [
  js.configs.recommended,
  style,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "func-style": ["error", "declaration", { allowArrowFunctions: true }],
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", 40],
      "no-implicit-coercion": "error",
      "no-shadow": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "@stylistic/list-style": "off", // what belongs together stands in one line
      "@stylistic/max-len": ["error", 119],
      "@stylistic/operator-linebreak": ["error", "after", { overrides: { "?": "before", ":": "before" } }],
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["tests/page/tests/**"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["src/output/html/scripts/**"],
    languageOptions: { globals: { ...globals.browser, Plotly: "readonly" } },
  },
];
