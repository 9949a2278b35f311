// What fixes.js uses of the module "k6" (k6.io/docs), for a run by Node.

/** Answers to `check`, by name. */
export const checked = {};

export function check(value, conditions) {
  const outcomes = Object.entries(conditions).map(([name, holds]) => [name, Boolean(holds(value))]);
  for (const [name, outcome] of outcomes) (checked[name] ??= []).push(outcome);
  return outcomes.every(([, outcome]) => outcome);
}

/** Seconds that users slept. */
export const slept = [];

export const sleep = (seconds) => void slept.push(seconds);
