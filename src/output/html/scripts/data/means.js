// Mean and spread of numbers of which some may be absent.

/** @param {(number | null | undefined)[]} values */
export function mean(values) {
  const present = values.filter((value) => value != null);
  return present.length ? present.reduce((a, b) => a + b, 0) / present.length : null;
}

/**
 * The sample standard deviation; a single value has none.
 *
 * @param {(number | null | undefined)[]} values
 */
export function deviation(values) {
  const present = values.filter((value) => value != null);
  const middle = mean(present);
  if (middle == null || present.length < 2) return null;
  const squares = present.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (present.length - 1));
}
