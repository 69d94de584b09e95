import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openDataFolder } from "../src/data-folder.ts";
import { start } from "../src/start.ts";
import { fixtureStack } from "../src/testing/fixture-stack.ts";
import { rejection } from "./support/rejection.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

const permissions = (path: string): number => statSync(path).mode & 0o777;

/** A folder that an emulator with one table has filled. */
async function filled(): Promise<string> {
  const dataDirectory = join(temporaryDirectory(), "data");
  for (let runs = 0; runs < 2; runs += 1) await (await start({ stackDirectory: stack(), dataDirectory })).stop();
  return dataDirectory;
}

const table = {
  name: "items",
  billing_mode: "PAY_PER_REQUEST",
  hash_key: "pk",
  attribute: [{ name: "pk", type: "S" }],
};
const stack = () => fixtureStack({ resources: { aws_dynamodb_table: { items: table } } });

describe("data-folder", () => {
  it("is readable by its owner only, also if an earlier version created it", () => {
    const directory = join(temporaryDirectory(), "data");
    openDataFolder(directory);
    expect([directory, join(directory, "dynamodb")].map(permissions)).to.deep.equal([0o700, 0o700]);
    chmodSync(directory, 0o755);
    openDataFolder(directory);
    expect(permissions(directory)).to.equal(0o700);
  });

  it("is refused if it is a file", () => {
    const path = join(temporaryDirectory(), "file");
    writeFileSync(path, "");
    expect(() => openDataFolder(path)).to.throw(
      `The data folder ${path} cannot be created: ENOTDIR: not a directory, mkdir '${path}/dynamodb'. Pass a folder that you can write to with --data.`,
    );
  });

  it("keeps its permissions if it contains files of the user", () => {
    const directory = join(temporaryDirectory(), "project");
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, "package.json"), "{}");
    openDataFolder(directory);
    expect([directory, join(directory, "dynamodb")].map(permissions)).to.deep.equal([0o755, 0o700]);
  });

  it("is refused if a file is missing or truncated since the emulator stopped, and is not changed", async () => {
    const directory = await filled();
    const files = readdirSync(join(directory, "dynamodb")).filter(
      (name) => statSync(join(directory, "dynamodb", name)).size > 0,
    );
    const name = files.find((each) => each.startsWith("MANIFEST")) ?? "";
    const path = join(directory, "dynamodb", name);
    const { size } = statSync(path);
    truncateSync(path, 5);
    for (let attempts = 0; attempts < 2; attempts += 1) {
      expect(await rejection(start({ stackDirectory: stack(), dataDirectory: directory }))).to.equal(
        `The data in ${directory} is incomplete. The file dynamodb/${name} has 5 bytes, and had ${size} when the emulator stopped. Restore the folder from a copy, or delete it to start without data.`,
      );
    }
    rmSync(path);
    expect(await rejection(start({ stackDirectory: stack(), dataDirectory: directory }))).to.include(
      `The file dynamodb/${name} is missing.`,
    );
  });

  it("is refused without the list of its tables, even after the emulator was killed", async () => {
    const directory = await filled();
    rmSync(join(directory, "files.json"));
    rmSync(join(directory, "dynamodb", "CURRENT"));
    expect(await rejection(start({ stackDirectory: stack(), dataDirectory: directory }))).to.include(
      "The file dynamodb/CURRENT is missing.",
    );
  });

  it("is refused if the inventory is truncated", async () => {
    const directory = await filled();
    truncateSync(join(directory, "files.json"), 3);
    expect(await rejection(start({ stackDirectory: stack(), dataDirectory: directory }))).to.include(
      "The file files.json is truncated.",
    );
  });

  it("is refused if its secrets have another form", async () => {
    for (const text of ["null", "[1]", '{"a":1}', '{"a":[null]}', '{"a":[{"id":"b"}]}', '{"a"']) {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, "secrets.json"), text);
      expect(await rejection(start({ stackDirectory: stack(), dataDirectory: directory })), text).to.include(
        `Cannot read the secrets in ${join(directory, "secrets.json")}. Fix the file,`,
      );
    }
  });
});
