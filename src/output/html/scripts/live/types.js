// The types of what a server sends besides the data of the page, as `src/serve` writes it. Nothing here runs.

/** @import { Curves, Data, Entry, Finding, Heading, Pair, Row } from "../data/types.js" */
/** @import { Confusion, Evaluation } from "../data/types_of_predictions.js" */

/**
 * @typedef {object} Overview
 * @property {number} version
 * @property {Experiment[]} experiments those that are trained now first
 * @property {StudyEntry[]} studies
 */

/**
 * @typedef {object} Experiment
 * @property {string} name
 * @property {Record<string, number>} states how many runs are in each: of its file, if that is known, else of its name
 * @property {number | null} trials of its file, if that is known
 * @property {number} others runs of its name that its file does not ask for
 * @property {number} progress 0 to 1
 * @property {number | null} seconds_left
 * @property {{ label: string, test: number | null, val: number | null, gap: number | null } | null} best
 * @property {string} updated
 * @property {boolean} live
 */

/**
 * @typedef {object} StudyEntry
 * @property {string} name
 * @property {string} state
 * @property {string | null} question
 * @property {string[]} answer sentences
 * @property {string[]} pictures names of files
 * @property {string} [problem]
 */

/**
 * @typedef {object} StudyOnly
 * @property {Answered[]} answers
 * @property {Pair[]} decisions
 * @property {{ name: string, experiment?: string }[]} files with the experiment whose runs there are
 */

/**
 * @typedef {object} Answered
 * @property {string} question
 * @property {string[]} sentences
 * @property {string} [picture] SVG
 * @property {string} [table]
 */

/** @typedef {StudyEntry & StudyOnly} Study */

/**
 * @typedef {object} Page
 * @property {number} version
 * @property {Heading} heading
 * @property {Data} data
 */

/**
 * What `/api/curves` has of a run.
 *
 * @typedef {object} RunRows
 * @property {number[]} epochs
 * @property {number[]} steps
 * @property {(number | null)[]} seconds
 */

/** @typedef {RunRows & Curves} RunCurves */

/**
 * @typedef {object} RunOnly
 * @property {string} experiments
 * @property {Record<string, (number | null)[]>} rows columns of metrics.csv, and seconds
 * @property {Layer[]} layers
 * @property {Pair[]} provenance
 * @property {Evaluation} [evaluation]
 * @property {Confusion} [confusion]
 * @property {Finding[]} findings
 * @property {string[]} pictures names of files
 * @property {string} log its end
 * @property {{ name: string, bytes: number }[]} files
 * @property {{ what: string, command: string }[]} commands
 * @property {string[]} problems what could not be read
 */

/** @typedef {Entry & { settings: Pair[] } & RunOnly} RunPage */

/**
 * A layer over the epochs; shares in percent.
 *
 * @typedef {object} Layer
 * @property {string} layer
 * @property {number[]} epochs
 * @property {(number | null)[]} weight_norm
 * @property {(number | null)[]} gradient_norm
 * @property {(number | null)[]} dead_share
 * @property {(number | null)[]} saturated_share
 */

/**
 * What differs between two runs.
 *
 * @typedef {object} Diff
 * @property {{ key: string, a: unknown, b: unknown }[]} settings
 * @property {DiffFigure[]} results
 */

/**
 * @typedef {object} DiffFigure
 * @property {string} name
 * @property {DiffPair} [last]
 * @property {DiffPair} [best]
 */

/**
 * @typedef {object} DiffPair
 * @property {number | null} a
 * @property {number | null} b
 * @property {number | null} difference
 */

/**
 * @typedef {object} NewRows
 * @property {string} id of the run
 * @property {number[]} epochs
 * @property {number[]} [steps]
 * @property {(number | null)[]} [seconds]
 * @property {Curves} rows at these epochs
 * @property {Record<string, (number | null)[]>} [columns] the other figures of metrics.csv at these epochs
 * @property {Row | null} [last]
 * @property {Row | null} [best] so far
 * @property {string} state
 * @property {number | null} seconds_left
 */

/**
 * What is said of a run, the experiments that it is of, and whether nothing changed but its notes.
 *
 * @typedef {Entry & { of: string[], is_noted: boolean }} ChangedRun
 */

export {};
