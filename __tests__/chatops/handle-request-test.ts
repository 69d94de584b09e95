import { expect } from "chai";
import { github } from "../../chatops/github/github.ts";
import { handleRequest } from "../../chatops/handle-request.ts";
import { jenkins } from "../../chatops/jenkins/jenkins.ts";
import { perform } from "../../chatops/perform.ts";
import { RULES } from "../../chatops/rules.ts";
import { travis } from "../../chatops/travis/travis.ts";
import { aDesk, type Desk } from "../support/chatops/desk.ts";
import { startJenkins } from "../support/chatops/jenkins.ts";
import type { ServiceStandIn } from "../support/chatops/service-stand-in.ts";

const ANNA = { user: "anna", groups: ["ops", "ops-admin"] };
const BERT = { user: "bert", groups: ["ops-admin"] };
const CLEO = { user: "cleo", groups: ["ops"] };
const NOBODY = { user: "dora", groups: [] };

describe("chatops/handle-request", () => {
  let standIn: ServiceStandIn;
  let desk: Desk;
  beforeEach(async () => {
    standIn = await startJenkins();
    desk = aDesk(standIn.credential);
  });
  afterEach(() => standIn.stop());

  const send = (person: typeof ANNA, data: string, service: Parameters<typeof handleRequest>[1]["service"] = jenkins) =>
    handleRequest(desk.ports, { service, person, data, deadline: desk.clock.now() + 20_000 });
  /** The first result of `newCode`. */
  const CODE = "k3v9z1";
  const outcomes = () => desk.entries.map(({ outcome }) => outcome);

  it("performs an action that requires no confirmation, and audits it before and after", async () => {
    expect(await send(ANNA, "unfreeze")).to.deep.equal({ outcome: "done", said: "Jenkins starts builds." });
    expect(desk.entries.map(({ at: _, ...entry }) => entry)).to.deep.equal([
      {
        service: "jenkins",
        action: "unfreeze",
        by: { user: "anna" },
        confirmedBy: undefined,
        outcome: "begun",
        said: "",
      },
      {
        service: "jenkins",
        action: "unfreeze",
        by: { user: "anna" },
        confirmedBy: undefined,
        outcome: "done",
        said: "Jenkins starts builds.",
      },
    ]);
    expect(desk.announced).to.deep.equal(["jenkins unfreeze, requested by anna: done. Jenkins starts builds."]);
  });

  it("refuses and audits an action of a user who is not in the required group", async () => {
    expect(await send(CLEO, "unfreeze")).to.include({
      outcome: "refused",
      said: "The action unfreeze requires the group ops-admin.",
    });
    expect([outcomes(), standIn.requests, desk.announced]).to.deep.equal([["refused"], [], []]);
  });

  it("adds nothing to the audit trail for a user without any chat-ops group", async () => {
    await send(ANNA, "freeze");
    desk.entries.length = 0;
    const replies = [];
    for (const data of ["status", "rotate", "anything", `confirm ${CODE}`]) replies.push(await send(NOBODY, data));
    expect(new Set(replies.map(({ outcome }) => outcome))).to.deep.equal(new Set(["refused"]));
    expect(replies[0]?.said).to.include("one of these groups: ops, ops-admin");
    expect([desk.entries, standIn.requests]).to.deep.equal([[], []]);
  });

  it("keeps a confirmation valid while another action runs", async () => {
    await send(ANNA, "freeze");
    const release = await desk.ports.lease.take();
    expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "failed", failure: "busy" });
    await release?.();
    expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
  });

  it("refuses a code that another request has used between the check and the lease", async () => {
    desk = aDesk(standIn.credential, { confirmations: { ...desk.ports.confirmations, take: async () => false } });
    await send(ANNA, "freeze");
    expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "refused" });
    expect([outcomes(), standIn.requests]).to.deep.equal([["asked", "begun", "refused"], []]);
  });

  it("stores a destructive action until it is confirmed, and announces it in ops", async () => {
    const until = new Date(desk.clock.now() + 300_000).toISOString();
    const reply = await send(ANNA, "freeze");
    const sentence = `Another member of the group ops-admin must confirm this by ${until}. To confirm, send: {"message":"jenkins","data":"confirm ${CODE}"}`;
    expect(reply).to.include({ outcome: "asked", said: sentence });
    expect([outcomes(), standIn.requests]).to.deep.equal([["asked"], []]);
    expect(desk.announced).to.deep.equal([`anna requested jenkins freeze. ${sentence}`]);
  });

  it("performs a confirmed action once, and records both users", async () => {
    await send(ANNA, "freeze");
    expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
    expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "refused" });
    expect([outcomes(), standIn.isFrozen()]).to.deep.equal([["asked", "begun", "done", "refused"], true]);
    expect(desk.entries[2]).to.deep.include({ by: { user: "anna" }, confirmedBy: "bert" });
    expect(desk.announced[1]).to.equal(
      "jenkins freeze, requested by anna, confirmed by bert: done. Jenkins does not start builds.",
    );
  });

  it("performs an action once if two users confirm it simultaneously", async () => {
    await send(ANNA, "freeze");
    const replies = await Promise.all([
      send(BERT, `confirm ${CODE}`),
      send({ ...BERT, user: "eve" }, `confirm ${CODE}`),
    ]);
    expect(replies.filter(({ outcome }) => outcome === "done")).to.have.length(1);
    expect(standIn.requests.filter((request) => request.includes("quietDown"))).to.have.length(1);
  });

  for (const [who, person, said] of [
    ["the requester", ANNA, "You requested this action, so another user must confirm it."],
    ["a user outside the group", CLEO, "The action freeze requires the group ops-admin."],
  ] as const) {
    it(`does not accept a confirmation by ${who}, and keeps the action waiting`, async () => {
      await send(ANNA, "freeze");
      expect(await send({ ...person, groups: [...person.groups] }, `confirm ${CODE}`)).to.include({
        outcome: "refused",
        said,
      });
      expect(await send(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
    });
  }

  it("does not accept a confirmation after five minutes, for another service, or with another code", async () => {
    await send(ANNA, "freeze");
    const refused = [await send(BERT, `confirm ${CODE}`, github), await send(BERT, "confirm k3v9z2")];
    desk.clock.advance(300_000);
    refused.push(await send(BERT, `confirm ${CODE}`));
    expect(new Set(refused.map(({ said }) => said))).to.deep.equal(
      new Set([
        "No action is waiting for this code: it is unknown, already used or expired. Request the action again.",
      ]),
    );
    expect(standIn.requests).to.deep.equal([]);
  });

  it("reads groups, actions to confirm and expiry from the settings", async () => {
    const rules = {
      ...RULES,
      groups: { ...RULES.groups, freeze: "ops" },
      confirmed: ["rotate" as const],
      confirmationSeconds: 1,
    };
    desk = aDesk(standIn.credential, { rules });
    expect(await send(CLEO, "freeze")).to.include({ outcome: "done" });
    expect(await send(CLEO, "rotate")).to.include({ outcome: "asked" });
  });

  it("lists the actions if the action is unknown, and does not repeat the input", async () => {
    expect(await send(ANNA, "explode ghp_0123")).to.include({
      outcome: "refused",
      said: 'Unknown action for Jenkins. Use one of: status, rotate, revoke, freeze, unfreeze, delete, or "confirm" and a code.',
    });
    expect(await send(ANNA, "confirm")).to.include({ outcome: "refused" });
    expect(JSON.stringify(desk.entries)).not.to.include("ghp_");
  });

  it("gives the reason if the service does not support an action", async () => {
    expect((await send(ANNA, "rotate", travis)).said).to.match(
      /^Travis CI does not support rotate\. Travis CI's API revokes .*\.$/,
    );
  });

  it("runs one action at a time on a credential", async () => {
    const replies = await Promise.all([send(ANNA, "rotate"), send(CLEO, "rotate")]);
    expect(replies.map(({ outcome }) => outcome)).to.have.members(["done", "failed"]);
    expect(replies.find(({ outcome }) => outcome === "failed")).to.include({
      failure: "busy",
      said: "Another request is changing the credential for Jenkins, or was interrupted less than a minute ago. Try again in a minute.",
    });
    expect(await send(CLEO, "rotate")).to.include({ outcome: "done" });
  });

  it("sends no request to the service if the audit trail is unavailable", async () => {
    const trail = { add: () => Promise.reject(new Error("The table is unavailable.")) };
    desk = aDesk(standIn.credential, { trail });
    await send(ANNA, "rotate").catch(() => undefined);
    expect(standIn.requests).to.deep.equal([]);
  });

  it("reports the result of an action even if the lease cannot be released", async () => {
    const fault = new Error("The table is unavailable.");
    const lease = { take: async () => () => Promise.reject(fault) };
    desk = aDesk(standIn.credential, { lease });
    expect(await send(ANNA, "rotate")).to.include({ outcome: "done" });
    expect([outcomes(), desk.faults]).to.deep.equal([["begun", "done"], [fault]]);
  });

  it("announces the results of scheduled rotations", async () => {
    const task = { service: jenkins, action: "rotate", by: "schedule", deadline: desk.clock.now() + 20_000 } as const;
    await perform(desk.ports, task);
    standIn.fault = () => "down";
    await perform(desk.ports, task);
    expect(desk.announced).to.deep.equal([
      "jenkins rotate, requested by the schedule: done. Jenkins has a new credential, and the old one is revoked.",
      "jenkins rotate, requested by the schedule: failed. Jenkins cannot be reached (UND_ERR_SOCKET). The action may have taken effect, in part or in full. Check the status, or repeat the action.",
    ]);
  });

  it("announces that a fault has interrupted an action, and rejects with its cause", async () => {
    const fault = new Error("The secret is unavailable.");
    desk.secret.read = () => Promise.reject(fault);
    expect(await send(ANNA, "rotate").catch((caught) => caught.cause)).to.equal(fault);
    expect(desk.announced).to.deep.equal([
      "jenkins rotate, requested by anna: failed. An internal error of the chat interrupted the action, which may have taken effect. Check the status, or repeat the action.",
    ]);
    expect(desk.entries.at(-1)).to.include({ outcome: "failed", failure: "interrupted" });
  });

  it("reports that a fault has stopped an action before it started", async () => {
    const lease = { take: () => Promise.reject(new Error("The table is unavailable.")) };
    desk = aDesk(standIn.credential, { lease });
    const sentence = "An internal error of the chat stopped the action before it started. Repeat the action.";
    expect(await send(ANNA, "rotate").catch((caught) => caught.said)).to.equal(sentence);
    expect(standIn.requests).to.deep.equal([]);
  });

  it("leaves a code valid if the function fails before the action begins", async () => {
    await send(ANNA, "freeze");
    const { trail, confirmations } = desk.ports;
    const broken = { ...desk.ports, trail: { add: () => Promise.reject(new Error("The table is unavailable.")) } };
    const request = { service: jenkins, person: BERT, data: `confirm ${CODE}`, deadline: desk.clock.now() + 20_000 };
    await handleRequest(broken, request).catch(() => undefined);
    expect(await confirmations.get(CODE)).to.include({ action: "freeze" });
    expect(await handleRequest({ ...broken, trail }, request)).to.include({ outcome: "done" });
  });
});
