// Durations and times as a reader says them.

/** @param {number | null | undefined} seconds */
export function duration(seconds) {
  if (seconds == null) return "";
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${Math.round((seconds % 3600) / 60)} min`;
  return `${Math.round(hours / 24)} days`;
}

/**
 * How long ago a time was.
 *
 * @param {string} time RFC 3339
 */
export function ago(time) {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return "";
  return seconds < 60 ? "now" : `${duration(seconds)} ago`;
}

const SIZES = ["bytes", "kB", "MB", "GB"];

/** @param {number} bytes */
export function size(bytes) {
  const at = Math.min(SIZES.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${at ? (bytes / 1000 ** at).toFixed(1) : bytes} ${SIZES[at]}`;
}
