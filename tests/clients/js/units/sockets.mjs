// Sockets whose other end is played by hand, and what pages have.

import { mock } from "node:test";

/** The sockets that were opened, oldest first. */
export class Socket {
  static opened = [];

  constructor(url, protocols) {
    Object.assign(this, { url, protocols, sent: [], readyState: 0 });
    Socket.opened.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  /** The hub accepts the handshake. */
  accept() {
    this.readyState = 1;
    this.onopen();
  }

  say(...messages) {
    for (const message of messages) this.onmessage({ data: JSON.stringify(message) });
  }

  /** The hub answers a subscription, and has sent everything up to `seq`. */
  answer(id, seq, { epoch = "a", reset = false } = {}) {
    this.say({ type: "subscribed", id, epoch, seq, count: 0, reset }, { type: "synced", id, seq });
  }

  end(code, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

/** Lets promises that are kept be seen. */
export const settled = async () => {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};

/** Replaces timers and chance for a test, and the globals of pages. `listeners` are those of the page's events. */
export function staged(context, random = 1) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const chance = mock.method(Math, "random", () => random);
  context.after(() => chance.mock.restore());
  Socket.opened = [];
  const listeners = {};
  const target = {
    addEventListener: (name, listener) => void (listeners[name] = listener),
    removeEventListener: (name) => delete listeners[name],
  };
  Object.assign(globalThis, target, { WebSocket: Socket, document: { ...target, visibilityState: "visible" } });
  return {
    listeners,
    last: () => Socket.opened.at(-1),
    tick: async (ms) => {
      context.mock.timers.tick(ms);
      await settled();
    },
  };
}
