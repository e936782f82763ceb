// dingtalk-stream, its HTTP part: a token, the connection's ticket, then the reply to the session's webhook.
// The package has no reply call of its own; robots post with the axios it brings and the token it keeps. The WebSocket
// is not opened: `ws` ignores the proxy. Input: {session, text}.

import { createRequire } from "node:module";
import { DWClient } from "dingtalk-stream";
import { errcode, tell } from "./told.mjs";

const axios = createRequire(import.meta.resolve("dingtalk-stream"))("axios");

await tell(async ({ session, text }) => {
  const client = new DWClient({ clientId: "lab-app", clientSecret: "lab-app-secret" });
  await client.getAccessToken();
  await client.getEndpoint();
  return errcode(
    await axios.post(
      session,
      { msgtype: "text", text: { content: text } },
      { headers: { "x-acs-dingtalk-access-token": client.getConfig().access_token } },
    ),
  );
});
