import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryDirectory } from "@serverless-chat/emulator/testing/temporary-directory";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { bundleHandlers } from "../../infra/bundle.ts";

/** As another process in another time zone makes it. */
function bundleElsewhere(entry: string): Buffer {
  const directory = temporaryDirectory();
  const script = `
    import { bundleHandlers } from ${JSON.stringify(new URL("../../infra/bundle.ts", import.meta.url).href)};
    bundleHandlers([${JSON.stringify(entry)}], ${JSON.stringify(directory)});
  `;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  execFileSync(process.execPath, args, { env: { ...process.env, TZ: "Pacific/Auckland" } });
  return readFileSync(join(directory, `${entry}.zip`));
}

describe("infra/bundle", () => {
  it("makes the same archive in another folder, process and time zone", () => {
    const bundle = bundleHandlers(["connect"], temporaryDirectory()).get("connect");
    expect(readFileSync(bundle?.archivePath ?? "").equals(bundleElsewhere("connect"))).to.equal(true);
  });

  it("gives the base64 SHA-256 of the archive, as Lambda does", () => {
    const bundle = bundleHandlers(["default"], temporaryDirectory()).get("default");
    const archive = readFileSync(bundle?.archivePath ?? "");
    expect(bundle?.sourceCodeHash).to.equal(createHash("sha256").update(archive).digest("base64"));
  });

  it("puts one ES module into the archive, without unused code", () => {
    const bundle = bundleHandlers(["default"], temporaryDirectory()).get("default");
    const files = unzipSync(readFileSync(bundle?.archivePath ?? ""));
    expect(Object.keys(files)).to.deep.equal(["index.mjs"]);
    expect(files["index.mjs"]?.length).to.be.lessThan(15_000);
  });

  it("makes functions that load without Node's HTTP/2, which takes milliseconds", async () => {
    const directory = temporaryDirectory();
    const bundle = bundleHandlers(["send-message"], directory).get("send-message");
    const code = unzipSync(readFileSync(bundle?.archivePath ?? ""))["index.mjs"] ?? new Uint8Array();
    writeFileSync(join(directory, "index.mjs"), code);
    const script = `
      await import(${JSON.stringify(pathToFileURL(join(directory, "index.mjs")).href)}).catch(({ message }) => console.log(message));
      console.log(process.moduleLoadList.filter((name) => /^NativeModule http2?$/.test(name)).join());
    `;
    // Other tests set the variables of functions in this process.
    const options = { encoding: "utf8", env: {} } as const;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], options);
    expect(output).to.match(/^The function has invalid environment variables.*\nNativeModule http\n$/s);
  });

  it("keeps the order of many entries", () => {
    const entries = ["send-message", "connect", "default", "disconnect"];
    const made = bundleHandlers(entries, temporaryDirectory());
    expect([...made.keys()]).to.deep.equal(entries);
    for (const entry of entries) expect(made.get(entry)?.archivePath).to.match(new RegExp(`/${entry}\\.zip$`));
    expect(made.get("default")?.sourceCodeHash).to.equal(
      bundleHandlers(["default"], temporaryDirectory()).get("default")?.sourceCodeHash,
    );
  });

  it("reports the error of a handler that does not compile", () => {
    expect(() => bundleHandlers(["nowhere"], temporaryDirectory())).to.throw(
      'A handler does not compile. Could not resolve "handlers/nowhere.ts"',
    );
  });
});
