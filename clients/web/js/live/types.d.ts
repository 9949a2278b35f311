// Types of the socket's messages and of drivers; docs/protocol.md is the contract.

export type Status = "online" | "stale" | "offline";

/** What a driver has set; absent if nothing. */
export type DriverState = "free" | "busy" | "off_duty";

export type Area = { all: true } | { bbox: number[] } | { drivers: string[] };

export interface LocationMessage {
  type: "location";
  id?: string;
  driverId: string;
  latitude: number;
  longitude: number;
  heading?: number;
  speed?: number;
  battery?: number;
  accuracy?: number;
  altitude?: number;
  attributes?: Record<string, unknown>;
  recordedAt: string;
  receivedAt: string;
  seq: number;
  /** Seconds by which the device's clock is ahead (negative: behind), where it is wrong. */
  clockOffset?: number;
  state?: DriverState;
}

export type Message =
  | LocationMessage
  | { type: "status"; driverId: string; status: Status; heardAt?: string; id?: string }
  | { type: "state"; driverId: string; state?: DriverState; changedAt?: string; id?: string }
  | { type: "left"; id: string; driverId: string }
  | { type: "subscribed"; id: string; epoch: string; reset?: boolean }
  | { type: "synced"; id: string; seq: number }
  | { type: "heartbeat"; seq: number; time: string; id?: string }
  | { type: "trip"; driverId: string; id?: string }
  | { type: "bye"; retryMs?: number; id?: string };

export interface State {
  name: "connecting" | "live" | "reconnecting" | "stale" | "ended";
  heard: number | null;
  retryAt: number | null;
  reason: string;
}

/** The request of a subscription. */
export interface Request {
  area: Area;
  maxHz: number;
}

/** Progress of a subscription; `moves` have not been answered. */
export interface Answered extends Request {
  epoch: string | null;
  seq: number | null;
  moves: number;
}

export interface Driver {
  driverId: string;
  status: Status;
  seq: number;
  live: boolean;
  name?: string;
  /** Seconds after which it is stale, where they are not those of the hub. */
  staleAfter?: number;
  latitude?: number;
  longitude?: number;
  heading?: number;
  speed?: number;
  battery?: number;
  accuracy?: number;
  altitude?: number;
  attributes?: Record<string, unknown>;
  /** Epoch milliseconds, as `receivedAt`. */
  recordedAt?: number;
  receivedAt?: number;
  /** `recordedAt`, corrected where the device's clock is wrong. */
  measuredAt?: number;
  /** When the driver was last heard, as far as the screen knows. */
  heardAt?: number;
  clockOffset?: number;
  state?: DriverState;
}

export type Timer = ReturnType<typeof setTimeout> | undefined;

/** The part of `app/api.js` that lists are read with. */
export interface Reader {
  get(path: string, params: Record<string, unknown>): Promise<{ data: any }>;
}

export interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}
