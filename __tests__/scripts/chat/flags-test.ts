import { expect } from "chai";
import { readFlags } from "../../../scripts/chat/flags.ts";

const DEFAULT_URL = "ws://127.0.0.1:3001/dev";
const read = (...args: string[]) => readFlags(args, DEFAULT_URL);

describe("scripts/chat/flags", () => {
  it("default to a guest in the lobby of the chat on this machine", () => {
    expect(read()).to.deep.equal({
      help: false,
      url: DEFAULT_URL,
      user: undefined,
      lasting: false,
      channels: ["lobby"],
    });
  });

  it("name a chat, a user and channels", () => {
    expect(
      read("wss://chat.example.com/dev", "--user", "anna", "--channel", "ops", "--channel=dev", "--lasting"),
    ).to.deep.equal({
      help: false,
      lasting: true,
      url: "wss://chat.example.com/dev",
      user: "anna",
      channels: ["ops", "dev"],
    });
    expect(read("--help").help).to.equal(true);
  });

  for (const [args, sentence] of [
    [
      ["--usr", "anna"],
      "Unknown option '--usr'. Allowed are a URL, --user NAME, --channel NAME, --lasting and --help.",
    ],
    [["--user"], /^Option '--user <value>' argument missing\. Allowed are/],
    [["ws://one", "ws://two"], /^The command line has 2 URLs; pass one\. Allowed are/],
    [
      ["https://chat.example.com"],
      /^The URL is "https:\/\/chat\.example\.com"; it must begin with wss:\/\/ or ws:\/\//,
    ],
    [["--user", "guest-1"], /^--user is "guest-1"; it must have 1 to 32 visible characters/],
    [["--channel", "Ops"], /^--channel is "Ops"; it must have 1 to 64 lowercase letters/],
  ] as const) {
    it(`refuse ${args.join(" ")}, and say what is allowed`, () => {
      expect(() => read(...args)).to.throw(sentence);
    });
  }
});
