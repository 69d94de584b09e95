import { expect } from "chai";
import { fetchHttp } from "../../aws/http/fetch.ts";
import { handleRequest } from "../../chatops/handle-request.ts";
import type { Person } from "../../chatops/rules.ts";
import { supportedActions } from "../../chatops/service.ts";
import { aDesk } from "../support/chatops/desk.ts";
import type { Asked, Fault } from "../support/chatops/stand-in.ts";
import { standIns } from "../support/chatops/stand-ins.ts";

const ANNA: Person = { user: "anna", groups: ["ops", "ops-admin"] };
const BERT: Person = { user: "bert", groups: ["ops", "ops-admin"] };

/** Responses that repeat the request, as errors and as a success. */
const ECHOES: readonly ((asked: Omit<Asked, "parts">) => Fault | undefined)[] = [
  () => undefined,
  ...[400, 401, 403, 404, 429, 500, 200].map((status) => (asked: Omit<Asked, "parts">) => {
    const words = JSON.stringify([asked.headers, decodeURIComponent(asked.body), asked.body]);
    return { status, body: { message: words, error_message: words, id: [words], login: [words] } };
  }),
];

/** The confidential fields of secrets and requests. */
const SECRET_FIELDS = /^(token|value|privateKey|authorization|circle-token)$/;

/** Each word, and each line of a PEM. */
function secretsIn(json: object): string[] {
  return Object.entries(json).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null) return secretsIn(value);
    return SECRET_FIELDS.test(name) ? String(value).split(/[\s:]+/) : [];
  });
}

for (const [key, start] of Object.entries(standIns)) {
  it(`shows no credential of ${key} in answers, in ops, in the audit trail, in steps or in faults`, async () => {
    const standIn = await start();
    const secrets = new Set(secretsIn(standIn.credential));
    const desk = aDesk(standIn.credential, {
      http(request, timeout) {
        for (const secret of secretsIn(request.headers as object)) secrets.add(secret);
        return fetchHttp(request, timeout);
      },
    });
    const outputs: unknown[] = [desk.entries, desk.announced, desk.begun];
    let requested = 0;
    const send = async (person: Person, data: string) => {
      const request = { service: standIn.service, person, data, deadline: desk.clock.now() + 5_000 };
      const reply = await handleRequest(desk.ports, request).catch((fault: Error) => fault.stack);
      for (const one of secretsIn(desk.secret.stages)) secrets.add(one);
      outputs.push(reply);
      return reply;
    };
    for (const echo of ECHOES) {
      standIn.fault = echo;
      for (const action of supportedActions(standIn.service)) {
        const reply = await send(ANNA, action);
        requested += 1;
        if (typeof reply === "object" && reply.outcome === "asked") {
          await send(BERT, /confirm \w+/.exec(reply.said)?.[0] ?? "");
        }
      }
    }
    await standIn.stop();
    const all = JSON.stringify(outputs);
    const long = [...secrets].filter((secret) => secret.length >= 8 && !/^-{5}|PRIVATE|Bearer/.test(secret));
    expect(long.length, "secrets to look for").to.be.above(0);
    expect(requested, "requested actions").to.equal(ECHOES.length * supportedActions(standIn.service).length);
    expect(long.filter((secret) => all.includes(secret))).to.deep.equal([]);
    // Proves that the services' messages are quoted at all.
    expect(all).to.include("[redacted]");
  });
}
