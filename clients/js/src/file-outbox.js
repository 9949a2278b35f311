// An outbox in a file, for Node.

import { createHash } from "node:crypto";
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync, realpathSync, renameSync, writeSync } from "node:fs";
import { createServer } from "node:net";

import { Outbox, OutboxInUse } from "./outbox.js";

/** Bytes below which a file is not written again without its removed fixes. */
const SMALL = 1_048_576;
/** Written again when it has this many times the bytes of its fixes. */
const WASTE = 4;
const EMPTY = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

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
export async function openFileOutbox(path) {
  // "a": created if needed, not truncated.
  closeSync(openSync(path, "a", 0o600));
  const guard = await exclusive(path);
  try {
    const { fixes, next } = read(path);
    return new Outbox(new FileStore(path, guard, fixes, next), fixes);
  } catch (error) {
    guard?.close();
    throw error;
  }
}

/** A log of lines: `{"put":1,"fix":{…}}`, and `{"removed":[1,7]}` for all fixes from 1 to 7.
 * @implements {Store} */
class FileStore {
  #path;
  #guard;
  #next;
  #file = -1;
  #size = 0;
  /** Number -> bytes of its line. @type {Map<number, number>} */
  #lines = new Map();
  #used = 0;

  /**
   * @param {string} path
   * @param {Server | null} guard
   * @param {Map<number, string>} fixes
   * @param {number} next
   */
  constructor(path, guard, fixes, next) {
    this.#path = path;
    this.#guard = guard;
    this.#next = next;
    // Without what was removed, and without a line that was cut off by a crash.
    this.#rewrite(fixes);
  }

  /** @param {string} fix */
  put(fix) {
    const number = this.#next;
    const length = this.#append(line(number, fix));
    this.#lines.set(number, length);
    this.#used += length;
    this.#next += 1;
    return number;
  }

  /**
   * @param {number[]} numbers
   * @param {Map<number, string>} remaining
   */
  remove(numbers, remaining) {
    for (const number of numbers) {
      this.#used -= this.#lines.get(number) ?? 0;
      this.#lines.delete(number);
    }
    if (this.#lines.size === 0) {
      ftruncateSync(this.#file, 0);
      this.#size = 0;
    } else {
      // What is missing between the first and the last was removed before.
      this.#append(`{"removed":[${numbers[0]},${numbers.at(-1)}]}\n`);
      if (this.#size > SMALL && this.#size > WASTE * this.#used) this.#rewrite(remaining);
    }
  }

  close() {
    closeSync(this.#file);
    this.#guard?.close();
  }

  /** @param {string} text */
  #append(text) {
    const bytes = Buffer.from(text);
    try {
      write(this.#file, bytes);
    } catch (error) {
      // A part of a line, on a full disk: the next one must not follow it.
      ftruncateSync(this.#file, this.#size);
      throw error;
    }
    this.#size += bytes.length;
    return bytes.length;
  }

  /** @param {Map<number, string>} fixes */
  #rewrite(fixes) {
    const temporary = `${this.#path}.new`;
    const lines = Array.from(fixes, ([number, fix]) => Buffer.from(line(number, fix)));
    const file = openSync(temporary, EMPTY, 0o600);
    try {
      write(file, Buffer.concat(lines));
      // The name must not point to a file whose content is not on the disk yet.
      fsyncSync(file);
      renameSync(temporary, this.#path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    if (this.#file !== -1) closeSync(this.#file);
    this.#file = file;
    this.#lines = new Map(Array.from(fixes.keys(), (number, index) => [number, lines[index].length]));
    this.#size = this.#used = lines.reduce((sum, { length }) => sum + length, 0);
  }
}

/**
 * @param {number} file
 * @param {Buffer} bytes
 */
function write(file, bytes) {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/**
 * @param {number} number
 * @param {string} fix
 */
function line(number, fix) {
  return `{"put":${number},"fix":${fix}}\n`;
}

/** The fixes of a file, and the next number. A last line that is incomplete was cut off by a crash.
 * @param {string} path */
function read(path) {
  /** @type {Map<number, string>} */
  const fixes = new Map();
  let next = 1;
  const lines = readFileSync(path, "utf8").split("\n");
  lines.pop();
  for (const [index, text] of lines.entries()) {
    const record = parsed(text);
    if (Number.isInteger(record?.put) && typeof record.fix === "object") {
      fixes.set(record.put, JSON.stringify(record.fix));
      next = record.put + 1;
    } else if (Array.isArray(record?.removed)) {
      const [first, last] = record.removed;
      for (let number = first; number <= last; number += 1) fixes.delete(number);
    } else {
      throw new Error(`${path}: line ${index + 1} is not a line of an outbox`);
    }
  }
  return { fixes, next };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Take a name of the system that one process can have, and that disappears with it; null on systems without such
 * names. Rejects with `OutboxInUse`.
 * @param {string} path
 * @returns {Promise<Server | null>} */
function exclusive(path) {
  const name = `location-hub-outbox-${createHash("sha256").update(realpathSync(path)).digest("hex")}`;
  const address = { linux: `\0${name}`, win32: `\\\\.\\pipe\\${name}` }[/** @type {string} */ (process.platform)];
  if (address === undefined) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      reject(error.code === "EADDRINUSE" ? new OutboxInUse(`${path}: another process has this outbox open`) : error);
    });
    // Exclusive: workers of a cluster share other addresses.
    server.listen({ path: address, exclusive: true }, () => resolve(server.unref()));
  });
}
