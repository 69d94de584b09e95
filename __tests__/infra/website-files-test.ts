import { join } from "node:path";
import { expect } from "chai";
import { readWebsite } from "../../infra/website-files.ts";
import { aPage } from "../support/synthesized.ts";

const PAGE = { "index.html": "<!doctype html>", "icon.svg": "<svg/>", "assets/index-B1.js": "start();" };

describe("infra/website-files", () => {
  it("lists the files of a page with their content types, sorted by path", () => {
    const files = readWebsite(aPage(PAGE)).map(({ path, contentType }) => [path, contentType]);
    expect(files).to.deep.equal([
      ["assets/index-B1.js", "text/javascript; charset=utf-8"],
      ["icon.svg", "image/svg+xml"],
      ["index.html", "text/html; charset=utf-8"],
    ]);
  });

  it("lets browsers keep only the files with a hash in their name", () => {
    const kept = readWebsite(aPage(PAGE)).filter(({ cacheControl }) => cacheControl.includes("immutable"));
    expect(kept.map(({ path }) => path)).to.deep.equal(["assets/index-B1.js"]);
  });

  it("hashes the content", () => {
    const [one, other] = ["a", "b"].map((text) => readWebsite(aPage({ "index.html": text }))[0]?.hash);
    expect(one).to.match(/^[\da-f]{64}$/);
    expect(one).not.to.equal(other);
  });

  const faults: [what: string, files: Record<string, string>, message: string][] = [
    ["a folder without a start page", { "icon.svg": "" }, "has no index.html"],
    ["a file of an unknown type", { ...PAGE, "notes.doc": "" }, "The content type of notes.doc"],
    ["a file in place of the one that the stack writes", { ...PAGE, "config.json": "{}" }, "a file config.json"],
  ];
  for (const [what, files, message] of faults) {
    it(`refuses ${what}`, () => {
      expect(() => readWebsite(aPage(files))).to.throw(message);
    });
  }

  it("refuses a folder that does not exist", () => {
    expect(() => readWebsite(join(aPage(), "nowhere"))).to.throw("has no index.html");
  });
});
