// A certified OpenID Connect provider for one hub. Writes its port, then reads the origin of the hub, and serves.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const server = createServer();
server.listen(0, "localhost", () => console.log(server.address().port));
createInterface({ input: process.stdin }).once("line", (origin) => {
  const provider = new Provider(`http://localhost:${server.address().port}`, {
    clients: [
      {
        client_id: "hub",
        client_secret: "a secret of the hub & the provider",
        redirect_uris: [`${origin}/api/v1/auth/oidc/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    // Claims in the ID token, as Keycloak, Entra ID and Google have them.
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
    pkce: { required: () => true },
    cookies: { keys: ["a key of the test"] },
  });
  server.on("request", provider.callback());
  console.log("ready");
});
