import { expect } from "chai";
import { type Wscat, wscat } from "../../support/pty.ts";
import { type RunningChat, runningChat } from "../../support/running-chat.ts";

describe("two wscat sessions", () => {
  let chat: RunningChat;
  const sessions: Wscat[] = [];
  const open = async () => {
    const session = await wscat(chat.url);
    sessions.push(session);
    return session;
  };
  before(async () => {
    chat = await runningChat();
  });
  after(() => chat.stop());
  afterEach(() => {
    for (const session of sessions.splice(0)) session.kill();
  });

  it("both show the bare text that one of them sends", async () => {
    const [anna, ben] = [await open(), await open()];
    anna.type('{"message":"sendmessage", "data":"hello world"}');
    await Promise.all([anna.shows("< hello world"), ben.shows("< hello world")]);
    expect([anna.received(), ben.received()]).to.deep.equal([["hello world"], ["hello world"]]);
  });

  it("show an echo to its sender only", async () => {
    const [anna, ben] = [await open(), await open()];
    anna.type("Hello, world!");
    await anna.shows("< Hello, world!");
    ben.type("What did I miss?");
    await ben.shows("< What did I miss?");
    expect([anna.received(), ben.received()]).to.deep.equal([["Hello, world!"], ["What did I miss?"]]);
  });

  it("continue if a third one is killed", async () => {
    const [anna, ben, victim] = [await open(), await open(), await open()];
    victim.kill();
    anna.type('{"message":"sendmessage", "data":"still here?"}');
    await Promise.all([anna.shows("< still here?"), ben.shows("< still here?")]);
    ben.type('{"message":"sendmessage", "data":"still here!"}');
    await Promise.all([anna.shows("< still here!"), ben.shows("< still here!")]);
    expect(anna.received()).to.deep.equal(["still here?", "still here!"]);
  });
});
