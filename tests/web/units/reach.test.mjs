import assert from "node:assert/strict";
import { test } from "node:test";

import { reachOf } from "../../../clients/web/js/manage/reach.js";

test("from where a phone reaches an address", () => {
  for (const host of ["localhost:8000", "127.0.0.1", "127.8.0.1:80", "[::1]:8000", "hub.localhost", "0.0.0.0:8000"]) {
    assert.equal(reachOf(`http://${host}/t/x`), "machine", host);
  }
  for (const host of ["10.0.0.5", "192.168.1.7:8000", "172.16.0.1", "172.31.9.9", "100.64.0.1", "169.254.3.4", "[fd00::7]", "[fe80::1]", "hub.local"]) {
    assert.equal(reachOf(`http://${host}/t/x`), "network", host);
  }
  for (const host of ["hub.example", "172.32.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1", "[2001:db8::1]", "fd.example", "fe80.example"]) {
    assert.equal(reachOf(`https://${host}/t/x`), "any", host);
  }
});
