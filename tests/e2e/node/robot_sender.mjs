// dingtalk-robot-sender: a signed robot webhook, sent with axios. Input: {webhook, text, title?}.

import ChatBot from "dingtalk-robot-sender";
import { errcode, tell } from "./told.mjs";

await tell(async ({ webhook, text, title }) => {
  const robot = new ChatBot({ webhook, secret: `SEC${"0".repeat(61)}` });
  return errcode(await (title ? robot.markdown(title, text) : robot.text(text)));
});
