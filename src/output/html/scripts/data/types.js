// The types of the page's data, as `src/output/html/data.rs` and the files beside it write it. Nothing here runs.

/** @import { Effects } from "./types_of_effects.js" */
/** @import { Predictions } from "./types_of_predictions.js" */

/**
 * @typedef {object} Data
 * @property {Column[]} columns of the table
 * @property {Setting[]} varied the settings in which configs differ
 * @property {string} legend
 * @property {Changes | null} changes against the baseline, if there is one
 * @property {string | null} incomparable why no config is better than another, if that is so
 * @property {Config[]} configs the best first
 * @property {number[][]} epochs lists of the epochs that curves are shown at
 * @property {number[][]} [steps] lists of the steps at these epochs
 * @property {Run[]} runs config by config
 * @property {Shared} shared
 * @property {number} most_points of a curve
 * @property {Predictions[]} predictions
 * @property {Effects | null} effects
 * @property {FigureData[]} figures that plots can show of a finished run
 */

/**
 * What stands above the sections.
 *
 * @typedef {object} Heading
 * @property {string} title
 * @property {string} counts
 * @property {string} answer
 * @property {string[]} notes
 * @property {Rungs[]} rungs of an experiment that halves
 */

/**
 * The rungs of a halving in words.
 *
 * @typedef {object} Rungs
 * @property {string[]} lines
 * @property {{ header: string, is_number: boolean }[]} head
 * @property {string[][]} rows each as long as the head
 */

/**
 * @typedef {object} Column
 * @property {string} header
 * @property {"main" | "figure" | "setting"} group main ones are always shown
 * @property {boolean} is_number
 * @property {number} [scale] of means and changes: how many times their numbers it shows
 */

/**
 * What every config changes against the baseline: accuracies in percent, gaps and changes in points.
 *
 * @typedef {object} Changes
 * @property {string} heading with what they are compared, as above the table of `runner compare`
 * @property {string} caption what marks mean
 * @property {string} score what is to rise, as `test accuracy`
 * @property {string} gap
 * @property {{ config: number, score: number | null, gap: number | null }} baseline
 * @property {Changed[]} list by verdict
 * @property {[number, number][]} reach the ends of the axes of the changes of both figures
 */

/** @typedef {"better" | "worse" | "narrower" | "wider" | "unclear"} Direction */

/**
 * @typedef {object} Changed
 * @property {number} config place in `Data.configs`
 * @property {string} verdict in words
 * @property {Direction} direction
 * @property {FigureChange} score
 * @property {FigureChange} gap
 */

/**
 * @typedef {object} FigureChange
 * @property {number | null} mean of the config itself
 * @property {number | null} value
 * @property {[number, number] | null} interval
 * @property {number[]} seeds
 * @property {string} text as in the table
 */

/**
 * @typedef {object} Setting
 * @property {string} key as `network.dropout`
 * @property {string} short as `dropout`
 */

/**
 * A cell of the table: what it shows, and the number that it sorts by.
 *
 * @typedef {[shown: string, number: number | null]} Cell
 */

/**
 * @typedef {object} Config
 * @property {string} label
 * @property {(string | null)[]} values of each varied setting
 * @property {Cell[]} cells of each column
 * @property {number[]} runs places in `Data.runs`
 * @property {number} epochs place in `Data.epochs`
 * @property {number} [steps] place in `Data.steps`
 * @property {Finding[]} findings
 */

/**
 * @typedef {object} Run
 * @property {string} id
 * @property {number} config place in `Data.configs`
 * @property {number | string | null} seed of a run of one of several folds: `3, fold 1`
 * @property {string} state
 * @property {string} [reason]
 * @property {number} total_epochs
 * @property {number} attempt
 * @property {string} started
 * @property {string} updated
 * @property {number} train_seconds
 * @property {string} [model] which weights the model of a finished run has
 * @property {string} [result_sha256]
 * @property {Pair[]} [notes] what people wrote about it: tags, and notes with their dates
 * @property {Pair[]} settings those in which runs differ
 * @property {number} provenance place in `Shared.provenance`
 * @property {number} experiments place in `Shared.experiments`
 * @property {Record<string, number>} figures of a finished run, by the keys of `Data.figures`
 * @property {Row | null} last
 * @property {Row | null} best
 * @property {Curves} [curves] absent until the page asks for them, where there are many runs
 * @property {number | null} [seconds_left] of one that is being trained
 */

/**
 * What is said of a run whatever stands beside it.
 *
 * @typedef {Omit<Run, "config" | "settings" | "provenance" | "experiments" | "curves">} Entry
 */

/**
 * A name and its value.
 *
 * @typedef {[name: string, value: string]} Pair
 */

/**
 * One epoch of a run: accuracies in percent, the gap in points.
 *
 * @typedef {object} Row
 * @property {number} epoch
 * @property {number | null} train
 * @property {number | null} val
 * @property {number | null} test
 * @property {number | null} gap
 * @property {number | null} train_loss
 * @property {number | null} val_loss
 * @property {number | null} test_loss
 */

/**
 * A number for each epoch of the config; null is NaN, infinite or missing. Accuracies are in percent.
 * A run that ended earlier than others has shorter curves.
 *
 * @typedef {object} Curves
 * @property {(number | null)[]} [train_accuracy]
 * @property {(number | null)[]} [val_accuracy]
 * @property {(number | null)[]} [test_accuracy]
 * @property {(number | null)[]} [train_loss]
 * @property {(number | null)[]} [val_loss]
 * @property {(number | null)[]} [test_loss]
 * @property {(number | null)[]} [seconds] of training and evaluation since the run began
 */

/**
 * What runs have in common.
 *
 * @typedef {object} Shared
 * @property {Pair[]} settings that are the same in all runs
 * @property {Pair[][]} provenance
 * @property {string[]} experiments lists of names
 */

/**
 * @typedef {object} FigureData
 * @property {string} key
 * @property {string} name
 * @property {"%" | "points" | "loss" | "epochs" | "seconds"} unit
 */

/**
 * @typedef {object} Finding
 * @property {string} severity
 * @property {string} text
 * @property {string} [advice]
 */

export {};
