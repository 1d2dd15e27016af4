/** The rows of `scenarios/`. */

/** The modules, in the order of the table. */
const MODULES = ["calls", "streams", "messages", "batches", "texts"];

/**
 * The rows, as modules of a library's own: an engine learns from what a function has seen, and code that both libraries
 * pass through would be slow for both.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {number} per what one run of the work is divided by.
 * @property {(library: object) => () => unknown} prepare makes the work.
 * @property {(library: object) => () => unknown} [bare] the same without a library: the limit.
 * @property {(sdk: object) => () => unknown} [sdk] the same with the AI SDK.
 * @property {boolean} [isAsync] whether the work gives a promise.
 * @property {boolean} [isCall] whether it is measured cold, too.
 * @property {number} [rounds] fewer than the others, without a warm-up: one takes seconds.
 * @property {number} [atLeast] how many times faster than the peer it has to be.
 * @property {number} [atMostBare] how many times the limit it may take.
 *
 * @param {string} library whose copy of the modules.
 * @returns {Promise<Row[]>}
 */
export async function loadRows(library) {
  const modules = await Promise.all(MODULES.map((name) => import(`./scenarios/${name}.mjs?${library}`)));
  return modules.flatMap((module) => module.rows);
}
