import { Outbox } from "./outbox.js";
/** @import { Server } from "node:net" */
/** @import { Store } from "./outbox.js" */
/**
 * Open the outbox in a file, which is created if it does not exist. It survives `kill -9`; a power cut may lose the last
 * moments: a fix is written without an fsync (10 µs, therefore done at once), which would wear out a device's flash for
 * the last second of a track.
 *
 * Rejects with `OutboxInUse` if another process has it open (on Linux and Windows; other systems have no name that
 * disappears with its process), and with an `Error` if the file is not an outbox.
 * @param {string} path
 */
export declare function openFileOutbox(path: string): Promise<Outbox>;
