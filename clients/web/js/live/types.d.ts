// Types of the page; those of the socket's messages come from the client.

import type { AlertMessage, HubMessage, LocationMessage, StatusMessage } from "../../../js/types/messages.js";

export type { State } from "../../../js/src/link.js";

export type Message = HubMessage;
export type { AlertMessage, LocationMessage };

export type Alert = Omit<AlertMessage, "type" | "event">;

export interface Fence {
  fenceId: string;
  name: string;
  shape: { type: string; coordinates: any };
  radius?: number | null;
  rules: Record<string, number | null>;
  watch: { drivers?: string[]; groups?: string[] };
  colour?: string | null;
  category?: string | null;
  version: number;
}

export type Status = StatusMessage["status"];

/** What a driver has set; absent if nothing. */
export type DriverState = "free" | "busy" | "off_duty";

/** Which drivers are shown; absent: all. */
export interface Filter {
  group?: string;
  state?: DriverState;
}

export type Area = { all: true } | { bbox: number[] };

export interface Driver {
  driverId: string;
  status: Status;
  seq: number;
  live: boolean;
  name?: string;
  phone?: string;
  /** Seconds after which it is stale, where they are not those of the hub. */
  staleAfter?: number;
  vehicle?: Vehicle;
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

/** A vehicle that is driven; texts that are not known are empty. */
export interface Vehicle {
  vehicleId: string;
  name: string;
  plate: string;
  /** In the words of the fleet. */
  type: string;
}

/** What the registry has of a driver. */
export interface Entry {
  name?: string;
  phone?: string;
  staleAfter?: number;
  vehicle?: Vehicle;
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
