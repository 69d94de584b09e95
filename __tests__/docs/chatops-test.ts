import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readStack } from "@serverless-chat/emulator/terraform/stack";
import { expect } from "chai";
import * as v from "valibot";
import { handleRequest } from "../../chatops/handle-request.ts";
import { STEPS } from "../../chatops/rotate.ts";
import type { Service } from "../../chatops/service.ts";
import { services } from "../../chatops/services.ts";
import { crashes, crashing } from "../support/chatops/crash.ts";
import { aDesk } from "../support/chatops/desk.ts";
import { type Answered, type Asked, type Route, startStandIn } from "../support/chatops/stand-in.ts";
import { ENABLED } from "../support/environments.ts";
import { projectCopy, ROOT, synthesize } from "../support/project-copy.ts";
import { STACK } from "../support/synthesized.ts";

const page = readFileSync(join(ROOT, "docs/chatops.md"), "utf8");

/** The code block after a marker, such as `secret: github`. */
const blockAfter = (mark: string): string =>
  new RegExp(`<!-- ${mark} -->\n\`\`\`\\w+\n(.*?)\`\`\``, "s").exec(page)?.[1] ?? "";

const privateKey = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey;

/** The API of Acme, as the page describes it. */
async function startAcme() {
  const tokens = new Map([["1", { id: "1", name: "first", token: "first-token" }]]);
  const guarded =
    (answer: (asked: Asked) => Answered) =>
    (asked: Asked): Answered => {
      const isKnown = [...tokens.values()].some(({ token }) => asked.headers.authorization === `Bearer ${token}`);
      return isKnown ? answer(asked) : { status: 401, headers: { "x-acme-request": "1" } };
    };
  const routes: readonly Route[] = [
    [/^GET \/me$/, guarded(() => ({ status: 200, body: { name: "ops-bot" } }))],
    [
      /^GET \/tokens$/,
      guarded(() => ({ status: 200, body: [...tokens.values()].map(({ id, name }) => ({ id, name })) })),
    ],
    [
      /^POST \/tokens$/,
      guarded(({ query }) => {
        const id = String(Math.max(...[...tokens.keys()].map(Number)) + 1);
        const made = { id, name: String(query.get("name")), token: `token-number-${id}` };
        tokens.set(id, made);
        return { status: 201, body: made };
      }),
    ],
    [/^DELETE \/tokens\/(\d+)$/, guarded(({ parts: [id = ""] }) => ({ status: tokens.delete(id) ? 204 : 404 }))],
  ];
  const standIn = await startStandIn(routes, { status: 404 });
  return { standIn, names: () => [...tokens.values()].map(({ token }) => token) };
}

describe("docs/chatops", () => {
  for (const service of services) {
    it(`shows a valid secret for ${service.key}`, () => {
      const secret = JSON.parse(blockAfter(`secret: ${service.key}`));
      const read = v.safeParse(service.credential, { ...secret, ...("privateKey" in secret && { privateKey }) });
      expect(read.issues).to.equal(undefined);
    });
  }

  it("names every step of a rotation", () => {
    for (const { name } of STEPS) expect(page).to.include(`\`${name}\``);
  });

  describe("adding a service", () => {
    let acme: Service;
    let copy: string;
    before(async () => {
      const chatOps = { ...ENABLED.chatOps, services: { acme: {} } };
      copy = projectCopy({ environment: { ...ENABLED, chatOps } });
      for (const file of ["chatops/acme/acme.ts", "chatops/services.ts"]) {
        mkdirSync(dirname(join(copy, file)), { recursive: true });
        writeFileSync(join(copy, file), blockAfter(`file: ${file}`));
      }
      const table = await import(pathToFileURL(join(copy, "chatops/services.ts")).href);
      acme = table.services.at(-1);
    });

    it("requires one folder and one row, which compile", () => {
      const config = join(copy, "chatops.json");
      writeFileSync(config, JSON.stringify({ extends: "./tsconfig.json", include: ["chatops"] }));
      execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config]);
      const before = readFileSync(join(ROOT, "chatops/services.ts"), "utf8");
      const shown = blockAfter("file: chatops/services.ts");
      expect(shown.replace('import { acme } from "./acme/acme.ts";\n', "").replace(", acme];", "];")).to.equal(before);
    });

    it("is sufficient to deploy the service and run it locally", async () => {
      const stack = await readStack(join(synthesize(copy), "stacks", STACK));
      expect(stack.routes.map(({ key }) => key)).to.include("acme");
      expect(stack.secrets.map(({ name }) => name)).to.deep.equal([`${STACK}/acme`]);
      expect(stack.schedules.map(({ name }) => name)).to.deep.equal([`${STACK}-acme`]);
    });

    it("is sufficient to rotate, to continue after a crash, and to refuse an unsupported action", async () => {
      const { standIn, names } = await startAcme();
      const desk = aDesk({ url: standIn.url, id: "1", token: "first-token" });
      const send = (data: string, ports = desk.ports) =>
        handleRequest(ports, {
          service: acme,
          person: { user: "anna", groups: ["ops", "ops-admin"] },
          data,
          deadline: desk.clock.now() + 5_000,
        });
      try {
        expect((await send("status")).said).to.equal("The token of ops-bot works.");
        expect(await crashes(send("rotate", crashing(desk.ports, { step: "make", when: "after" })))).to.equal(true);
        expect(names()).to.deep.equal(["first-token", "token-number-2"]);
        expect((await send("rotate")).said).to.equal("Acme has a new credential, and the old one is revoked.");
        expect(names()).to.deep.equal(["token-number-2"]);
        expect(desk.secret.stages.current).to.include({ id: "2", token: "token-number-2" });
        expect((await send("freeze")).said).to.equal(
          "Acme does not support freeze. Acme's API cannot freeze an account.",
        );
      } finally {
        await standIn.stop();
      }
    });
  });
});
