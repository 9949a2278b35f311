// Outboxes of unacknowledged fixes: in memory, and in a store that survives the process.

/** Another process or tab has this outbox open. Both would send each fix. */
export class OutboxInUse extends Error {
  name = "OutboxInUse";
}

/**
 * Where an outbox keeps its fixes. `put` stores the JSON of a fix and returns its number, which is higher than those
 * before; when it returns, the fix is safe. `remove` forgets fixes; the second argument has those that remain.
 * @typedef {object} Store
 * @property {(fix: string) => number | Promise<number>} put
 * @property {(numbers: number[], remaining: Map<number, string>) => void | Promise<void>} remove
 * @property {() => void | Promise<void>} close
 */

/** Fixes in the order of `put`, each under a number that becomes its `msgNo`. All of them are in memory, too: the
 * default of `maxFixes`, 100,000, takes about 25 MB. */
export class Outbox {
  /** @type {Map<number, string>} */
  #fixes;
  #store;
  #first = 1;
  #next = 1;
  /** @type {Promise<void>} */
  #removing = Promise.resolve();
  /** @type {Promise<void> | undefined} */
  #closing;
  /** Called when the store cannot forget fixes.
   * @type {(error: Error) => void} */
  onError = () => {};

  /**
   * @param {Store} [store]
   * @param {Map<number, string>} [waiting] the fixes of the store, by rising numbers
   */
  constructor(store, waiting = new Map()) {
    this.#store = store;
    this.#fixes = waiting;
    const numbers = [...waiting.keys()];
    this.#first = numbers[0] ?? 1;
    this.#next = (numbers.at(-1) ?? 0) + 1;
  }

  /** Whether fixes survive the process. */
  get durable() {
    return this.#store !== undefined;
  }

  get size() {
    return this.#fixes.size;
  }

  /** Store a fix and return its number. Rejects with the error of the store; then the fix is not in the outbox.
   * @param {string} fix the JSON of an object */
  async put(fix) {
    const number = this.#store ? await this.#store.put(fix) : this.#next;
    if (this.#fixes.size === 0) this.#first = number;
    this.#fixes.set(number, fix);
    this.#next = number + 1;
    return number;
  }

  /** The first `limit` fixes with a higher number.
   * @param {number} number
   * @param {number} limit
   * @returns {[number, string][]} */
  after(number, limit) {
    /** @type {[number, string][]} */
    const waiting = [];
    for (let candidate = Math.max(number + 1, this.#first); candidate < this.#next && waiting.length < limit; candidate += 1) {
      const fix = this.#fixes.get(candidate);
      if (fix !== undefined) waiting.push([candidate, fix]);
    }
    return waiting;
  }

  /** Remove a fix and return it; undefined if it is not in the outbox.
   * @param {number} number */
  remove(number) {
    const fix = this.#fixes.get(number);
    this.#forget(fix === undefined ? [] : [number]);
    return fix;
  }

  /** Remove all fixes up to a number; returns their count.
   * @param {number} number */
  removeThrough(number) {
    /** @type {number[]} */
    const gone = [];
    for (; this.#first <= number && this.#first < this.#next; this.#first += 1) {
      if (this.#fixes.has(this.#first)) gone.push(this.#first);
    }
    this.#forget(gone);
    return gone.length;
  }

  /** Resolves when the store has forgotten what was removed, and is closed. */
  close() {
    this.#closing ??= this.#removing.then(() => this.#store?.close());
    return this.#closing;
  }

  /** @param {number[]} numbers */
  #forget(numbers) {
    for (const number of numbers) this.#fixes.delete(number);
    if (!this.#store || numbers.length === 0) return;
    const store = this.#store;
    const forget = async () => store.remove(numbers, this.#fixes);
    // Started at once: a file forgets before the next fix is written.
    this.#removing = Promise.all([this.#removing, forget()]).then(() => {}, (error) => this.onError(error));
  }
}
