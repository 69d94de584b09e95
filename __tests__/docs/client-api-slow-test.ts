import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { clientApi } from "../../scripts/docs/client-api.ts";

describe("docs/client-api.md", () => {
  let text: string;
  before(() => {
    text = clientApi();
  });

  it("is current; run npm run update if it is not", () => {
    const file = fileURLToPath(new URL("../../docs/client-api.md", import.meta.url));
    expect(readFileSync(file, "utf8")).to.equal(text);
  });

  it("describes every function, event and method", () => {
    for (const name of ["createSession", "SessionEvents", "useChannel"]) expect(text).to.include(`#### ${name}\n`);
    const session = text.slice(text.indexOf("#### Session\n"), text.indexOf("#### SessionEvents\n"));
    expect(session).to.include("send(channel: string, text: string, options?: SendOptions): Promise<Message>");
    expect(session, "methods without a description").not.to.match(/\(.*` \| {2}\|$/m);
  });
});
