import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { build } from "esbuild";

const BYTES_MAX = 12.5 * 1024;

describe("packages/client, bundled for a browser", () => {
  it("has at most 12.5 KB minified and gzipped, and imports nothing", async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [fileURLToPath(new URL("../src/client.ts", import.meta.url))],
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      platform: "browser",
      format: "esm",
      conditions: ["@serverless-chat/source"],
      logLevel: "silent",
    });
    const [bundle] = outputFiles;
    expect(gzipSync(bundle?.contents ?? "").byteLength).to.be.within(1024, BYTES_MAX);
    expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith("packages/client/src/"))).to.deep.equal([]);
  });
});
