/** Another process or tab has this outbox open. Both would send each fix. */
export declare class OutboxInUse extends Error {
    name: string;
}
export type Store = {
    put: (fix: string) => number | Promise<number>;
    remove: (numbers: number[], remaining: Map<number, string>) => void | Promise<void>;
    close: () => void | Promise<void>;
};
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
export declare class Outbox {
    #private;
    /** Called when the store cannot forget fixes.
     * @type {(error: Error) => void} */
    onError: (error: Error) => void;
    /**
     * @param {Store} [store]
     * @param {Map<number, string>} [waiting] the fixes of the store, by rising numbers
     */
    constructor(store?: Store, waiting?: Map<number, string>);
    /** Whether fixes survive the process. */
    get durable(): boolean;
    get size(): number;
    /** Store a fix and return its number. Rejects with the error of the store; then the fix is not in the outbox.
     * @param {string} fix the JSON of an object */
    put(fix: string): Promise<number>;
    /** The first `limit` fixes with a higher number.
     * @param {number} number
     * @param {number} limit
     * @returns {[number, string][]} */
    after(number: number, limit: number): [number, string][];
    /** Remove a fix and return it; undefined if it is not in the outbox.
     * @param {number} number */
    remove(number: number): string | undefined;
    /** Remove all fixes up to a number; returns their count.
     * @param {number} number */
    removeThrough(number: number): number;
    /** Resolves when the store has forgotten what was removed, and is closed. */
    close(): Promise<void>;
}
