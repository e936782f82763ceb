// What every script here does: read one JSON object on stdin, send with a real client, say on the last line of stdout
// what the client was told: {"ok": …, "outcome": …, "error": …}. Whatever the client throws is part of what it saw.

import { text } from "node:stream/consumers";

export async function tell(send) {
  const given = JSON.parse(await text(process.stdin));
  const told = await send(given).catch((error) => ({
    ok: false,
    outcome: String(error.code ?? error.name),
    error: String(error.message),
  }));
  process.stdout.write(`\n${JSON.stringify({ error: "", ...told })}\n`);
}

// DingTalk's own convention on oapi: HTTP 200, and the outcome in `errcode` and `errmsg`.
export function errcode({ data }) {
  const ok = data.errcode === 0;
  return { ok, outcome: `errcode ${data.errcode}`, error: ok ? "" : String(data.errmsg) };
}
