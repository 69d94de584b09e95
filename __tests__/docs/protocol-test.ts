import { expect } from "chai";
import { clientFrames } from "../../chat/protocol/client-frames.ts";
import { codes } from "../../chat/protocol/error-codes.ts";
import { serverFrames } from "../../chat/protocol/server-frames.ts";
import { transcripts } from "../../scripts/docs/transcripts.ts";
import { startChat } from "../support/running-chat.ts";
import { startSignedInChat } from "../support/signed-in-chat.ts";
import { synthesizedChat } from "../support/synthesized.ts";
import { type Address, linesOf, replay } from "../support/transcript.ts";

/** A chat for one transcript. */
interface Stage {
  readonly address: Address;
  stop(): Promise<void>;
}

async function startOpen(stackDirectory: string): Promise<Stage> {
  const { url, stop } = await startChat(stackDirectory);
  return { address: () => url, stop };
}

async function startSignedIn(): Promise<Stage> {
  const { url, urlOf, stop } = await startSignedInChat({ moderators: ["moderators"] });
  return { address: (who, group) => (group === undefined ? url : urlOf(who, [group])), stop };
}

describe("docs/protocol", () => {
  let stackDirectory: string;
  before(() => {
    stackDirectory = synthesizedChat();
  });

  for (const [name, transcript] of transcripts) {
    it(`has a transcript of ${name} that comes true`, async () => {
      // A chat of its own each: nobody in it but those who are told of, and nothing said before.
      const chat = await (/^\w+ of /m.test(transcript) ? startSignedIn() : startOpen(stackDirectory));
      try {
        expect((await replay(transcript, chat.address)).join("\n")).to.equal(linesOf(transcript).join("\n"));
      } finally {
        await chat.stop();
      }
    });
  }

  it("has a transcript for every route that takes a frame, in which a client sends one", () => {
    for (const route of Object.keys(clientFrames)) {
      expect(transcripts.get(route), route).to.match(new RegExp(`^\\w+> \\{"message":"${route}"`, "m"));
    }
  });

  it("has a transcript for every type of frame, in which a client gets one", () => {
    for (const type of Object.keys(serverFrames)) {
      expect(transcripts.get(type), type).to.match(new RegExp(`^\\w+< \\{"type":"${type}"`, "m"));
    }
  });

  it("has an example of each error code that a client can cause with default settings", () => {
    const all = [...transcripts.values()].join("\n");
    const missing = Object.keys(codes).filter((code) => !all.includes(`{"type":"error","code":"${code}","detail":`));
    expect(missing).to.deep.equal([
      "token-expired",
      "too-many-messages",
      "reconnect",
      "service-refused",
      "service-failed",
      "internal",
    ]);
  });

  it("fails if a line differs, or if a frame has no line", async () => {
    const chat = await startChat(stackDirectory);
    // Ben gets the message before anna gets her ack, so the test needs no wait.
    const lines = 'ben connects\nanna connects\nanna> {"message":"sendmessage","data":"hi","id":"c-1"}\nanna< hi';
    const ack = 'anna< {"type":"ack","request":"sendmessage","id":"c-1","message":"<id>"}';
    try {
      expect((await replay(lines.replace("< hi", "< ho"), () => chat.url)).at(-1)).to.equal("anna< hi");
      expect((await replay(`${lines}\n${ack}`.replaceAll("c-1", "c-2"), () => chat.url)).at(-1)).to.equal("ben< hi");
    } finally {
      await chat.stop();
    }
  });
});
