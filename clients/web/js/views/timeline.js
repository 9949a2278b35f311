// A driver's day made from its trips: the trips, and the stops between them.

import { metresBetween } from "../map/track.js";

// A trip that begins within so many metres of the end of the one before: the driver stood there. A stop's own radius is 75.
const NEAR = 300;

export const startOf = (trip) => Date.parse(trip.startedAt);

// Of a trip that is under way: as far as it has been counted.
export const endOf = (trip) => Date.parse(trip.endedAt ?? trip.countedTo);

/**
 * The entries of a span [start, end) in milliseconds, in time order, out of trips in time order that may have begun before
 * it. A trip is {kind: "trip", trip, number, from, to, carried}; `carried` began before the span and has no number. What lies
 * between two trips is {kind: "stop", from, to, latitude, longitude, place}, or {kind: "away", from, to, metres} where the next
 * trip began somewhere else; cut to the span. After the last trip nothing is known.
 */
export function timeline(trips, [start, end]) {
  const entries = [];
  let number = 0;
  let before = null;
  for (const trip of trips) {
    const [from, to] = [startOf(trip), endOf(trip)];
    if (from >= end) break;
    if (to > start) {
      if (before) between(entries, before, trip, start);
      const carried = from < start;
      entries.push({ kind: "trip", trip, number: carried ? null : (number += 1), from, to, carried });
    }
    before = trip;
  }
  return entries;
}

function between(entries, before, trip, start) {
  const [from, to] = [Math.max(start, endOf(before)), startOf(trip)];
  if (!before.endedAt || to <= from) return;
  const stood = { latitude: before.endLatitude, longitude: before.endLongitude, place: before.endPlace };
  const metres = metresBetween(stood, trip);
  entries.push(metres <= NEAR ? { kind: "stop", from, to, ...stood } : { kind: "away", from, to, metres });
}

/** {trips, distance, duration, movingTime, maxSpeed} of the trips that began in the span. */
export function totals(entries) {
  const sum = { trips: 0, distance: 0, duration: 0, movingTime: 0, maxSpeed: undefined };
  for (const { kind, trip, carried } of entries) {
    if (kind !== "trip" || carried) continue;
    sum.trips += 1;
    for (const key of ["distance", "duration", "movingTime"]) sum[key] += trip[key];
    if (trip.maxSpeed !== undefined) sum.maxSpeed = Math.max(sum.maxSpeed ?? 0, trip.maxSpeed);
  }
  return sum;
}
