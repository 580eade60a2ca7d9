// The types of the main effects, as `src/output/html/findings.rs` writes them. Nothing here runs.

/**
 * @typedef {object} Effects
 * @property {string} held_out the split that is not trained on
 * @property {EffectSetting[]} settings
 * @property {string[]} trends
 * @property {string[]} interactions
 * @property {string[]} notes
 */

/**
 * @typedef {object} EffectSetting
 * @property {string} name
 * @property {number} combinations
 * @property {Level[]} levels
 */

/**
 * One value of a setting.
 *
 * @typedef {object} Level
 * @property {string} value
 * @property {number} runs
 * @property {EffectFigures} mean
 * @property {EffectFigures} [change] from the first value
 */

/**
 * Accuracies in percent, the gap in points.
 *
 * @typedef {object} EffectFigures
 * @property {Estimate} gap
 * @property {Estimate} held_out
 * @property {Estimate} train
 */

/**
 * A value and the half width of its 95 % interval.
 *
 * @typedef {[value: number, half: number | null]} Estimate
 */

export {};
