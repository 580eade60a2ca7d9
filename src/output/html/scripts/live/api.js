// Questions to the server that the page came from.

const PATIENCE = 60_000; // milliseconds for an answer: one that never comes must not keep the page from asking again

/** An answer that is not what was asked for, in the server's words. */
export class Refused extends Error {
  /**
   * @param {string} words
   * @param {number} status of HTTP; 0 where there is no answer
   * @param {number | null} [version] of the data, if they were looked at
   */
  constructor(words, status, version = null) {
    super(words);
    this.status = status;
    this.version = version;
  }
}

/**
 * An answer with the version that the data had before it was made: what changed since comes as events.
 *
 * @typedef {{ answer: any, version: number | null }} Answered
 */

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Answered>}
 */
export async function askAt(path, options = {}) {
  let response;
  let answer;
  try {
    response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    answer = isJson ? await response.json() : null;
  } catch { // or its answer breaks off
    throw new Refused("the server does not answer", 0);
  }
  const version = Number(response.headers.get("data-version")) || null;
  if (response.ok && answer) return { answer, version };
  throw new Refused(answer?.error ?? `the server answers ${response.status}`, response.status, version);
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export const ask = async (path, options) => (await askAt(path, options)).answer;

/**
 * A query with the parts that are not empty.
 *
 * @param {Record<string, string>} parts
 */
export function query(parts) {
  const filled = Object.entries(parts).filter(([, value]) => value);
  return filled.length ? `?${new URLSearchParams(filled).toString()}` : "";
}

/**
 * @param {string} path
 * @param {object} content
 */
export const send = (path, content) => ask(path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
});
