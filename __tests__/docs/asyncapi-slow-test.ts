import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Parser } from "@asyncapi/parser";
import { expect } from "chai";
import { clientFrames } from "../../chat/protocol/client-frames.ts";
import { serverFrames } from "../../chat/protocol/server-frames.ts";

const SOURCE = readFileSync(fileURLToPath(new URL("../../docs/asyncapi.yaml", import.meta.url)), "utf8");

describe("docs/asyncapi.yaml", () => {
  it("is a valid AsyncAPI document with every frame", async () => {
    const { document, diagnostics } = await new Parser().parse(SOURCE);
    expect(diagnostics.map(({ message, path }) => `${path.join(".")}: ${message}`)).to.deep.equal([]);
    const names = document?.allMessages().map((message) => message.id());
    const frames = [
      ...Object.keys(clientFrames).map((route) => `client-${route}`),
      ...Object.keys(serverFrames).map((type) => `server-${type}`),
    ];
    expect(names).to.have.members(frames);
  });
});
