import { expect } from "chai";
import { ROOT } from "../support/project-copy.ts";
import { startScriptedChat } from "../support/scripted-chat.ts";
import { environment } from "../support/synthesized.ts";
import { run } from "../support/terminal.ts";

const CHAT = { cwd: ROOT, script: "scripts/chat.ts" };

describe("scripts/chat", () => {
  it("explains its flags and commands with --help", async () => {
    const { code, stdout } = await run(CHAT, "--help");
    expect(code).to.equal(0);
    for (const part of [
      "--user NAME",
      "--channel NAME",
      "/msg NAME TEXT",
      `ws://127.0.0.1:3001/${environment.stageName}`,
    ]) {
      expect(stdout).to.include(part);
    }
  });

  it("fails with one sentence for an unknown flag", async () => {
    expect(await run(CHAT, "--usr", "anna")).to.deep.equal({
      code: 1,
      stdout: "",
      stderr: "Unknown option '--usr'. Allowed are a URL, --user NAME, --channel NAME, --lasting and --help.",
    });
  });

  it("fails with one sentence if the address has no chat", async () => {
    // No process listens on port 1.
    const { code, stderr } = await run(CHAT, "ws://127.0.0.1:1/dev");
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      "There is no chat at ws://127.0.0.1:1/dev: connect ECONNREFUSED 127.0.0.1:1. Start a chat with npm start, or pass the URL of another one: npm run chat -- wss://….",
    );
  });

  it("fails with the reason when the handshake is refused", async () => {
    const chat = await startScriptedChat();
    chat.refuseWith = 401;
    const { code, stderr } = await run(CHAT, chat.url);
    await chat.stop();
    expect(code).to.equal(1);
    expect(stderr).to.include(`Cannot connect to ${chat.url}.`).and.include("401").and.include("token");
  });
});
