// @alicloud/dingtalk: DingTalk's official SDK. It knows no proxy, so it is pointed at a gate in reverse mode.
// Input: {endpoint, call, text}; `call` is robot, group or todo.

import openapi from "@alicloud/openapi-client";
import util from "@alicloud/tea-util";
import robots from "@alicloud/dingtalk/robot_1_0.js";
import todos from "@alicloud/dingtalk/todo_1_0.js";
import { tell } from "./told.mjs";

const token = { xAcsDingtalkAccessToken: "lab-token" };
const once = new util.RuntimeOptions({ autoretry: false, readTimeout: 15000, connectTimeout: 5000 });

const calls = {
  async robot(config, text) {
    const request = new robots.BatchSendOTORequest({
      robotCode: "lab-robot",
      userIds: ["lab-user"],
      msgKey: "sampleText",
      msgParam: JSON.stringify({ content: text }),
    });
    const headers = new robots.BatchSendOTOHeaders(token);
    return new robots.default(config).batchSendOTOWithOptions(request, headers, once);
  },
  async group(config, text) {
    const request = new robots.OrgGroupSendRequest({
      robotCode: "lab-robot",
      openConversationId: "cidLabConversation==",
      msgKey: "sampleMarkdown",
      msgParam: JSON.stringify({ title: "lab", text }),
    });
    const headers = new robots.OrgGroupSendHeaders(token);
    return new robots.default(config).orgGroupSendWithOptions(request, headers, once);
  },
  async todo(config, text) {
    const request = new todos.CreateTodoTaskRequest({ subject: "lab", description: text });
    const headers = new todos.CreateTodoTaskHeaders(token);
    return new todos.default(config).createTodoTaskWithOptions("lab-union-id", request, headers, once);
  },
};

await tell(async ({ endpoint, call, text }) => {
  const config = new openapi.Config({ protocol: "https", endpoint });
  const answer = await calls[call](config, text);
  return { ok: answer.statusCode === 200, outcome: `HTTP ${answer.statusCode}` };
});
