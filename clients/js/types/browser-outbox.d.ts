import { Outbox } from "./outbox.js";
/** @import { Store } from "./outbox.js" */
/**
 * Open the outbox of this name, which is kept with the data of the site. It survives a reload, a crash of the browser
 * and its termination; a power cut may lose the last moments. Where the browser refuses IndexedDB to the page, the
 * outbox is in memory and `durable` is false.
 *
 * Rejects with `OutboxInUse` if another tab has it open, where the browser has locks (HTTPS and localhost). Elsewhere two
 * tabs may send a fix twice, which is harmless.
 * @param {string} name
 */
export declare function openBrowserOutbox(name: string): Promise<Outbox>;
