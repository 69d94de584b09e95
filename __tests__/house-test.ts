import { expect } from "chai";
import { services } from "../chatops/services.ts";
import { authorizer, chatOps, eventSender, routes, workers } from "../handlers/routes.ts";
import { FILES, filesImportedBy, importCycles, importsOf, read } from "./support/imports.ts";

const isCode = (file: string): boolean => /\.tsx?$/.test(file);

const sources = FILES.filter((file) => isCode(file) && !/(^|\/)__tests__\//.test(file));

/** What a folder may import, besides its own files. Other folders' data is listed file by file. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["infra/", "handlers/routes.ts", "scripts/build-web.ts"],
  "handlers/": ["chat/", "chatops/", "authentication/", "aws/"],
  "chat/": [],
  "chatops/": ["chat/"],
  "authentication/": ["chat/"],
  "aws/": ["chat/", "chatops/", "authentication/identity.ts"],
  "infra/": [
    "handlers/routes.ts",
    "handlers/grants.ts",
    "authentication/identity.ts",
    "aws/config.ts",
    "aws/partition.ts",
    "aws/table/keys.ts",
    "chat/channel.ts",
    "chat/metrics.ts",
    "web/page-config.ts",
    "web/security-headers.ts",
    "chatops/services.ts",
    "chatops/service.ts",
    "chatops/rules.ts",
  ],
  "benchmarks/": [
    "main.ts",
    "chat/",
    "aws/push/management-api.ts",
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
    "aws/config.ts",
    "aws/runtime.ts",
    "aws/table/",
    "handlers/routes.ts",
    "chat/",
    "chatops/",
    "infra/bundle.ts",
    "infra/observability/alarm-rules.ts",
    "infra/settings/authentication.ts",
    "infra/settings/combinations.ts",
    "infra/environments.ts",
    "infra/names.ts",
    "infra/settings/settings.ts",
    "infra/settings/website.ts",
    "infra/synthesize.ts",
    "infra/terraform.ts",
    "benchmarks/",
    "web/page-config.ts",
    "web/security-headers.ts",
  ],
  "web/": [],
};

/** Packages that only some folders may import. */
const ALLOWED_IN: Readonly<Record<string, readonly string[]>> = {
  cdktf: ["main.ts", "infra/"],
  "@cdktf/provider-aws": ["infra/"],
  cdktn: ["main.ts", "infra/"],
  "@cdktn/provider-aws": ["infra/"],
  constructs: ["infra/"],
  "@serverless-chat/emulator": ["scripts/", "benchmarks/"],
  "@serverless-chat/plan-review": ["scripts/"],
  "@serverless-chat/client": ["scripts/", "web/"],
  preact: ["web/"],
  vite: ["scripts/build-web.ts"],
};

const folderOf = (file: string): string => (file.includes("/") ? `${file.split("/")[0]}/` : file);

describe("the repository", () => {
  it("has imports that point one way", () => {
    const wrong = sources.flatMap((file) =>
      filesImportedBy(file)
        .filter((target) => {
          const folder = folderOf(file);
          return ![folder, ...(MAY_IMPORT[folder] ?? [])].some((allowed) => target.startsWith(allowed));
        })
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("has no import cycles, types and tests included", () => {
    const modules = FILES.filter(isCode);
    const cycles = importCycles(new Map(modules.map((file) => [file, filesImportedBy(file)])));
    expect(cycles.map((cycle) => cycle.join(" → "))).to.deep.equal([]);
  });

  it("imports packages only in the folders that are allowed to, and the provider only by deep imports", () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => {
          const [name] = Object.keys(ALLOWED_IN).filter(
            (kept) => specifier === kept || specifier.startsWith(`${kept}/`),
          );
          if (name === undefined) return false;
          const isBarrel = /^@cdkt[fn]\/provider-aws$/.test(specifier);
          return isBarrel || !ALLOWED_IN[name]?.some((room) => file.startsWith(room));
        })
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("has no I/O, clock, environment or randomness in chat/ and plan-review", () => {
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

  it("gives each service its own key", () => {
    const keys = services.map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const key of keys) expect(key).to.match(/^[a-z][a-z-]*$/);
  });

  it("reads the environment variables of a function in two files: settings, and what Lambda sets", () => {
    const readers = sources.filter(
      (file) => /^(handlers|chat|authentication|aws|infra)\//.test(file) && /process\.env/.test(read(file)),
    );
    // infra/bundle.ts reads a variable of the build.
    expect(readers).to.deep.equal(["aws/config.ts", "aws/runtime.ts", "infra/bundle.ts"]);
  });

  it("has a file for every row of routes, workers, the authorizer and chat-ops, and a row for every handler", () => {
    const entries = [...routes, ...workers, eventSender, authorizer, chatOps].map(
      ({ entry }) => `handlers/${entry}.ts`,
    );
    const handlers = sources.filter(
      (file) => /^handlers\/[^/]+\.ts$/.test(file) && /export const handler\b/.test(read(file)),
    );
    expect(entries, "rows without a file")
      .to.have.members([...new Set(entries)])
      .and.deep.equal(entries.filter((file) => sources.includes(file)));
    expect(handlers, "files without a row").to.have.members(entries);
  });

  it("gives each route its own key, with a dollar sign only in predefined ones", () => {
    const keys = [...routes, ...services].map(({ key }) => key);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const key of keys) expect(key).to.match(/^(\$connect|\$disconnect|\$default|[a-z][a-z-]*)$/);
  });

  it("gives every route a timeout below the integration timeout of API Gateway", () => {
    for (const { entry, timeoutSeconds } of [...routes, chatOps]) expect(timeoutSeconds, entry).to.be.within(1, 28);
  });

  it("has no file over 250 lines, except the route table, which grows with each route", () => {
    const long = sources.filter((file) => file !== "handlers/routes.ts" && read(file).split("\n").length > 251);
    expect(long).to.deep.equal([]);
  });

  it("names files in kebab-case, and none as a collection of unrelated code", () => {
    const named = /^(\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*)$/;
    const wrong = sources.flatMap((file) => file.split("/")).filter((name) => !named.test(name));
    expect(wrong).to.deep.equal([]);
    const collection = /(^|\/)(utils?|helpers?|common|misc|types|index)(\.ts)?(\/|$)/;
    expect(sources.filter((file) => collection.test(file))).to.deep.equal([]);
  });
});
