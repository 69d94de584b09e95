import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { buildWeb } from "../../scripts/build-web.ts";

const GZIPPED_BYTES_MAX = 60 * 1024;

async function built(): Promise<ReadonlyMap<string, Buffer>> {
  const folder = temporaryDirectory();
  await buildWeb(folder);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

describe("the build of the page", () => {
  const { NODE_ENV } = process.env;
  let files: ReadonlyMap<string, Buffer>;
  before(async () => {
    files = await built();
  });

  it("does not change NODE_ENV of the process that builds", () => {
    expect(process.env.NODE_ENV).to.equal(NODE_ENV);
  });

  it("has index.html, and assets whose names have a hash", () => {
    const [index, ...assets] = [...files.keys()].reverse();
    expect(index).to.equal("index.html");
    expect(assets).to.have.length(3);
    for (const asset of assets) expect(asset).to.match(/^assets\/\w+-[\w-]{8}\.(js|css|svg)$/);
  });

  it("has at most 60 KB gzipped", () => {
    const sizes = [...files.values()].map((content) => gzipSync(content, { level: 9 }).length);
    expect(sizes.reduce((sum, size) => sum + size)).to.be.below(GZIPPED_BYTES_MAX);
  });

  it("has no inline code and no inline styles", () => {
    const html = String(files.get("index.html"));
    expect(html).not.to.match(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });

  it("has the same bytes in every build", async () => {
    expect([...(await built())]).to.deep.equal([...files]);
  });
});
