// ali-oss: an object put straight into the drive's bucket. Its proxy option needs the package proxy-agent.
// Input: {proxy, endpoint, bucket, key, secret, name, data} with `data` in base64.

import OSS from "ali-oss";
import { tell } from "./told.mjs";

await tell(async ({ proxy, endpoint, bucket, key, secret, name, data }) => {
  const store = new OSS({
    accessKeyId: key,
    accessKeySecret: secret,
    endpoint,
    bucket,
    cname: true,
    secure: true,
    timeout: 15000,
    enableProxy: true,
    proxy,
  });
  const answer = await store.put(name, Buffer.from(data, "base64"));
  return { ok: answer.res.status === 200, outcome: `HTTP ${answer.res.status}` };
});
