import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { services } from "../chatops/services.ts";
import { authorizer, chatOps, routes, workers } from "../handlers/routes.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Every file that is kept, or about to be. */
const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter(Boolean);

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const sources = FILES.filter((file) => file.endsWith(".ts") && !/(^|\/)__tests__\//.test(file));

/** What a room may import, beside its own files. Pure data may be read from further away, file by file. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["infra/", "handlers/routes.ts"],
  "handlers/": ["chat/", "chatops/", "authentication/", "aws/"],
  "chat/": [],
  "chatops/": ["chat/"],
  "authentication/": ["chat/"],
  "aws/": ["chat/", "chatops/", "authentication/rules.ts"],
  "client/": ["chat/"],
  "infra/": [
    "handlers/routes.ts",
    "handlers/grants.ts",
    "authentication/rules.ts",
    "aws/config.ts",
    "aws/partition.ts",
    "aws/table/keys.ts",
    "chat/channel.ts",
    "chat/metrics.ts",
    "chatops/services.ts",
    "chatops/service.ts",
    "chatops/rules.ts",
  ],
  "benchmarks/": [
    "main.ts",
    "chat/",
    "aws/config.ts",
    "aws/table/",
    "handlers/routes.ts",
    "infra/bundle.ts",
    "infra/environments.ts",
    "infra/settings/",
  ],
  "packages/": [],
  "scripts/": [
    "main.ts",
    "client/",
    "handlers/routes.ts",
    "chat/",
    "chatops/",
    "infra/observability/alarm-rules.ts",
    "infra/settings/authentication.ts",
    "infra/settings/authorization.ts",
    "infra/environments.ts",
    "infra/names.ts",
    "infra/settings/settings.ts",
    "infra/synthesize.ts",
    "infra/provider-lock.ts",
    "aws/push/management-api.ts",
    "aws/http/undici-transport.ts",
    "aws/table/",
    "benchmarks/",
  ],
};

/** Packages that one room alone may know. */
const KEPT_TO: Readonly<Record<string, readonly string[]>> = {
  cdktf: ["main.ts", "infra/"],
  constructs: ["infra/"],
  "@cdktf/provider-aws": ["infra/"],
  "@serverless-chat/emulator": ["scripts/", "benchmarks/"],
  "@serverless-chat/plan-review": ["scripts/"],
};

const imports = (file: string): string[] =>
  [...read(file).matchAll(/(?<![-\w])(?:from|import|import\()\s*"([^"\s]+)"/g)].map(([, specifier = ""]) => specifier);

const roomOf = (file: string): string => (file.includes("/") ? `${file.split("/")[0]}/` : file);

describe("the house", () => {
  it("has imports that point one way", () => {
    const wrong = sources.flatMap((file) =>
      imports(file)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => normalize(join(dirname(file), specifier)))
        .filter(
          (target) => ![roomOf(file), ...(MAY_IMPORT[roomOf(file)] ?? [])].some((room) => target.startsWith(room)),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("imports packages only in the rooms that may know them, and the provider only by deep imports", () => {
    const wrong = sources.flatMap((file) =>
      imports(file)
        .filter((specifier) => {
          const [name] = Object.keys(KEPT_TO).filter((kept) => specifier === kept || specifier.startsWith(`${kept}/`));
          if (name === undefined) return false;
          const isBarrel = specifier === "@cdktf/provider-aws";
          return isBarrel || !KEPT_TO[name]?.some((room) => file.startsWith(room));
        })
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("has no I/O, clock, environment or randomness in chat/ and the review of plans", () => {
    const impure = /\bprocess\.|Date\.now|new Date\(\)|Math\.random|"node:|@aws-sdk/;
    const pure = sources.filter((file) => /^(chat|packages\/plan-review)\//.test(file));
    expect(pure.filter((file) => impure.test(read(file)))).to.deep.equal([
      "packages/plan-review/src/archives.ts",
      "packages/plan-review/src/cli.ts",
    ]);
  });

  it("has no AWS, clock, environment, randomness or I/O in chatops/", () => {
    const impure = /\bprocess\.|Date\.now|new Date\(\)|Math\.random|@aws-sdk|\bfetch\(/;
    const found = sources.filter((file) => file.startsWith("chatops/") && impure.test(read(file)));
    expect(found).to.deep.equal([]);
  });

  it("has a folder for every row of services, and a row for every folder in chatops/", () => {
    const folders = sources.flatMap((file) => /^chatops\/([^/]+)\//.exec(file)?.[1] ?? []);
    const keys = services.map(({ key }) => key);
    expect([...new Set(folders)]).to.have.members(keys);
    expect(sources).to.include.members(keys.map((key) => `chatops/${key}/${key}.ts`));
  });

  it("knows a service's key once, and none that another route has", () => {
    const keys = services.map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const key of keys) expect(key).to.match(/^[a-z][a-z-]*$/);
  });

  it("reads the environment variables of a function in two files: settings, and what Lambda sets", () => {
    const readers = sources.filter(
      (file) => /^(handlers|chat|authentication|aws|infra)\//.test(file) && /process\.env/.test(read(file)),
    );
    expect(readers).to.deep.equal(["aws/config.ts", "aws/runtime.ts"]);
  });

  it("has a file for every row of routes, workers, the authorizer and chat-ops, and a row for every handler", () => {
    const entries = [...routes, ...workers, authorizer, chatOps].map(({ entry }) => `handlers/${entry}.ts`);
    const handlers = sources.filter(
      (file) => /^handlers\/[^/]+\.ts$/.test(file) && /export const handler\b/.test(read(file)),
    );
    expect(entries, "rows without a file")
      .to.have.members([...new Set(entries)])
      .and.deep.equal(entries.filter((file) => sources.includes(file)));
    expect(handlers, "files without a row").to.have.members(entries);
  });

  it("knows a route key once, and none of API Gateway's that it did not make", () => {
    const keys = [...routes, ...services].map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const key of keys) expect(key).to.match(/^(\$connect|\$disconnect|\$default|[a-z][a-z-]*)$/);
  });

  it("gives every route less time than API Gateway waits", () => {
    for (const { entry, timeoutSeconds } of [...routes, chatOps]) expect(timeoutSeconds, entry).to.be.within(1, 28);
  });

  it("has no file over 250 lines", () => {
    const long = sources.filter((file) => read(file).split("\n").length > 251);
    expect(long).to.deep.equal([]);
  });

  it("names files in kebab-case, and none a heap for what has no place", () => {
    const named = /^(\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*)$/;
    const wrong = sources.flatMap((file) => file.split("/")).filter((name) => !named.test(name));
    expect(wrong).to.deep.equal([]);
    const heap = /(^|\/)(utils?|helpers?|common|misc|types|index)(\.ts)?(\/|$)/;
    expect(sources.filter((file) => heap.test(file))).to.deep.equal([]);
  });
});
