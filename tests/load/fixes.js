// Load test of durable fixes for k6 (https://k6.io): a constant rate, more and more users, a spike and the time after it.
// `hub bench load` runs the same three tests without k6.
//
//   hub token --role gateway --fleet default        # may post for every driver; not needed on an open hub
//   k6 run -e TOKEN=… tests/load/fixes.js           # HUB=http://127.0.0.1:8080, RATE=1000, USERS=4000, SECONDS=30
//
// All requests come from one address and one user: raise HUB_MAX_ADDRESS_RATE (and HUB_MAX_DRIVER_RATE) for the test, or
// the hub answers 429 above 1,500 requests a second, as it should.

import { check, sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";

const HUB = __ENV.HUB || "http://127.0.0.1:8080";
const RATE = Number(__ENV.RATE || 1000);
const USERS = Number(__ENV.USERS || 4000);
const SECONDS = Number(__ENV.SECONDS || 30);
const HEADERS = { "Content-Type": "application/json" };
if (__ENV.TOKEN) HEADERS.Authorization = `Bearer ${__ENV.TOKEN}`;

const seconds = (number) => `${number}s`;
const half = seconds(SECONDS / 2);
const pool = { preAllocatedVUs: Math.min(RATE, 500), maxVUs: RATE * 5, timeUnit: "1s" };

export const options = {
  scenarios: {
    constant: { executor: "constant-arrival-rate", exec: "post", rate: RATE, duration: seconds(SECONDS), ...pool },
    ramp: {
      executor: "ramping-vus",
      exec: "user",
      startTime: seconds(SECONDS + 5),
      stages: [16, 8, 4, 2, 1].flatMap((part) => [
        { target: Math.ceil(USERS / part), duration: "1s" },
        { target: Math.ceil(USERS / part), duration: half },
      ]),
      gracefulRampDown: "5s",
    },
    spike: {
      executor: "ramping-arrival-rate",
      exec: "post",
      startTime: seconds(SECONDS * 4 + 20),
      startRate: RATE,
      stages: [
        { target: RATE, duration: half },
        { target: RATE * 5, duration: "1s" },
        { target: RATE * 5, duration: half },
        { target: RATE, duration: "1s" },
        { target: RATE, duration: seconds(SECONDS) },
      ],
      ...pool,
    },
  },
  // Figures of each test apart; the limits are those at which the hub no longer keeps up.
  thresholds: {
    "http_req_duration{scenario:constant}": ["p(99)<1000"],
    "http_req_duration{scenario:ramp}": ["p(99)<1000"],
    "http_req_duration{scenario:spike}": ["p(99)<5000"],
    "http_req_failed{scenario:constant}": ["rate==0"],
  },
};

export function post() {
  const driver = `load-${exec.vu.idInTest}`;
  const fix = {
    driverId: driver,
    latitude: 25 + Math.random(),
    longitude: 55 + Math.random(),
    recordedAt: new Date().toISOString(),
  };
  const answer = http.post(`${HUB}/api/v1/location`, JSON.stringify(fix), { headers: HEADERS });
  check(answer, { "is in the log": (given) => given.status === 200 });
}

export function user() {
  post();
  sleep(1);
}
