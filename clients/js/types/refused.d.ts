/** The hub refuses this client for good. `code` is a close code, an HTTP status, or the code of an `error` message. */
export declare class Refused extends Error {
    code: string | number;
    /**
     * @param {number | string} code
     * @param {string} detail
     */
    constructor(code: number | string, detail: string);
}
/** Whether a close code means that a client must not reconnect.
 * @param {number} code */
export declare function finalClose(code: number): boolean;
/** The refusal of a token, or null if it is valid, or if the hub does not answer, or not to a page of another site.
 * @param {string} url of the socket
 * @param {string | undefined} token */
export declare function refusalOf(url: string, token: string | undefined): Promise<Refused | null>;
