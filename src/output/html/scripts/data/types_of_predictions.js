// The types of what runs predict, as `src/output/html/predictions.rs` writes it. Nothing here runs.

/**
 * How one run judges single examples. Pictures are addresses that carry them.
 *
 * @typedef {object} Predictions
 * @property {number} run place in `Data.runs`
 * @property {Confusion} [confusion]
 * @property {Evaluation} [evaluation]
 * @property {string} [mistakes_picture]
 * @property {string} [first_layer_picture]
 * @property {string} [augmented_picture]
 */

/**
 * @typedef {object} Confusion
 * @property {string[]} classes
 * @property {number[][]} counts by class, then by predicted class
 */

/**
 * @typedef {object} Evaluation
 * @property {string} split
 * @property {number} examples
 * @property {number} accuracy in percent
 * @property {number} calibration_error in points
 * @property {Bin[]} bins
 * @property {Mistake[]} mistakes
 */

/**
 * The examples of about the same confidence.
 *
 * @typedef {object} Bin
 * @property {number} examples
 * @property {number} confidence in percent
 * @property {number} accuracy in percent
 */

/**
 * @typedef {object} Mistake
 * @property {number} example
 * @property {string} class
 * @property {string} predicted
 * @property {number} confidence in percent
 */

export {};
