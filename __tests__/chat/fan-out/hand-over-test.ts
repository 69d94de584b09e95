import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import { runFanOutTask } from "../../../chat/fan-out/fan-out.ts";
import { type FanOutTask, HOPS_MAX, handOverAll } from "../../../chat/fan-out/tasks.ts";
import { NOON } from "../../support/builders.ts";
import { aChat, enterMany, failing, sendToLobby } from "../../support/chat.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
const LAMBDA_STOPS_AT = 16;

describe("chat/fan-out/tasks, handed over", () => {
  it("counts how many times a part of a fan-out was handed over", async () => {
    const chat = aChat();
    for (const member of await enterMany(chat, 3)) chat.setPushOutcome(member, failing);
    await sendToLobby(chat);
    const [first] = chat.tasks;
    expect(first?.hops).to.equal(1);
    await handOverAll(chat, { from: first as FanOutTask, tasks: [first as FanOutTask] });
    expect(chat.tasks.at(-1)?.hops).to.equal(2);
  });

  it("stops a chain before Lambda's loop detection does, even if each function reached a recipient", async () => {
    const chat = aChat();
    const audience = await enterMany(chat, 100);
    for (const member of audience) chat.setPushOutcome(member, failing);
    await sendToLobby(chat);
    let hops = 0;
    const outcome = async (): Promise<void> => {
      for (let task = chat.tasks.shift(); task; task = chat.tasks.shift()) {
        hops += 1;
        // Each attempt reaches one more recipient.
        chat.setPushOutcome(audience[hops] as { id: string }, async () => "delivered");
        await runFanOutTask(chat, task, { deadline: NOON + 60_000 });
      }
    };
    expect(await rejection(outcome())).to.equal(
      "The fan-out was handed over 14 times, which is the limit. Its remaining recipients did not get the frame. Check the metric PushesThrottled, then send the failed event again.",
    );
    expect(hops).to.equal(HOPS_MAX).and.below(LAMBDA_STOPS_AT);
  });

  it("lets the last function of a chain finish", async () => {
    const chat = aChat();
    await handOverAll(chat, { from: { hops: HOPS_MAX }, tasks: [] });
    expect(chat.tasks).to.deep.equal([]);
  });
});
