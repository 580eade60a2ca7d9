// Questions to the server that the page came from.

/** An answer that is not what was asked for, in the server's words. */
export class Refused extends Error {
  /**
   * @param {string} words
   * @param {number} status of HTTP; 0 where there is no answer
   */
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, options = {}) {
  let response;
  let answer;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    answer = isJson ? await response.json() : null;
  } catch { // or its answer breaks off
    throw new Refused("the server does not answer", 0);
  }
  if (response.ok && answer) return answer;
  throw new Refused(answer?.error ?? `the server answers ${response.status}`, response.status);
}

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
