import { expect } from "chai";
import { github } from "../../chatops/github/github.ts";
import { hear } from "../../chatops/hear.ts";
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

describe("chatops/hear", () => {
  let standIn: ServiceStandIn;
  let desk: Desk;
  beforeEach(async () => {
    standIn = await startJenkins();
    desk = aDesk(standIn.credential);
  });
  afterEach(() => standIn.stop());

  const say = (person: typeof ANNA, data: string, service: Parameters<typeof hear>[1]["service"] = jenkins) =>
    hear(desk.ports, { service, person, data, deadline: desk.clock.now() + 20_000 });
  /** What `newCode` gives first. */
  const CODE = "k3v9z1";
  const outcomes = () => desk.entries.map(({ outcome }) => outcome);

  it("does at once what needs no second person, and writes it down before and after", async () => {
    expect(await say(ANNA, "unfreeze")).to.deep.equal({ outcome: "done", said: "Jenkins starts builds." });
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
    expect(desk.announced).to.deep.equal(["jenkins unfreeze, asked for by anna: done. Jenkins starts builds."]);
  });

  it("refuses who is not in the action's group, does nothing, and writes it down", async () => {
    expect(await say(CLEO, "unfreeze")).to.include({
      outcome: "refused",
      said: "Only the group ops-admin may unfreeze.",
    });
    expect([outcomes(), standIn.requests, desk.announced]).to.deep.equal([["refused"], [], []]);
  });

  it("keeps a user without any group out of the trail, whatever they send", async () => {
    await say(ANNA, "freeze");
    desk.entries.length = 0;
    const replies = [];
    for (const data of ["status", "rotate", "anything", `confirm ${CODE}`]) replies.push(await say(NOBODY, data));
    expect(new Set(replies.map(({ outcome }) => outcome))).to.deep.equal(new Set(["refused"]));
    expect(replies[0]?.said).to.include("one of the groups ops, ops-admin");
    expect([desk.entries, standIn.requests]).to.deep.equal([[], []]);
  });

  it("keeps a confirmation valid while another action runs", async () => {
    await say(ANNA, "freeze");
    const release = await desk.ports.lease.take();
    expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "failed", failure: "busy" });
    await release?.();
    expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
  });

  it("refuses a code that another request has used between the check and the lease", async () => {
    desk = aDesk(standIn.credential, { confirmations: { ...desk.ports.confirmations, take: async () => false } });
    await say(ANNA, "freeze");
    expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "refused" });
    expect([outcomes(), standIn.requests]).to.deep.equal([["asked", "begun", "refused"], []]);
  });

  it("has what destroys wait for a second person, and says so in ops", async () => {
    const until = new Date(desk.clock.now() + 300_000).toISOString();
    const reply = await say(ANNA, "freeze");
    const said = `Until ${until}, somebody else of the group ops-admin may confirm it: {"message":"jenkins","data":"confirm ${CODE}"}`;
    expect(reply).to.include({ outcome: "asked", said });
    expect([outcomes(), standIn.requests]).to.deep.equal([["asked"], []]);
    expect(desk.announced).to.deep.equal([`jenkins freeze is asked for by anna. ${said}`]);
  });

  it("does it once when a second person confirms it, and names both", async () => {
    await say(ANNA, "freeze");
    expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
    expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "refused" });
    expect([outcomes(), standIn.isFrozen()]).to.deep.equal([["asked", "begun", "done", "refused"], true]);
    expect(desk.entries[2]).to.deep.include({ by: { user: "anna" }, confirmedBy: "bert" });
    expect(desk.announced[1]).to.equal(
      "jenkins freeze, asked for by anna, confirmed by bert: done. Jenkins starts no builds.",
    );
  });

  it("does it once although two confirm it at the same time", async () => {
    await say(ANNA, "freeze");
    const replies = await Promise.all([say(BERT, `confirm ${CODE}`), say({ ...BERT, user: "eve" }, `confirm ${CODE}`)]);
    expect(replies.filter(({ outcome }) => outcome === "done")).to.have.length(1);
    expect(standIn.requests.filter((request) => request.includes("quietDown"))).to.have.length(1);
  });

  for (const [who, person, said] of [
    ["who asked for it", ANNA, "Somebody else has to confirm it."],
    ["who is not in the group", CLEO, "Only the group ops-admin may freeze."],
  ] as const) {
    it(`is not confirmed by ${who}, and still waits`, async () => {
      await say(ANNA, "freeze");
      expect(await say({ ...person, groups: [...person.groups] }, `confirm ${CODE}`)).to.include({
        outcome: "refused",
        said,
      });
      expect(await say(BERT, `confirm ${CODE}`)).to.include({ outcome: "done" });
    });
  }

  it("is not confirmed after five minutes, at another service, or under another code", async () => {
    await say(ANNA, "freeze");
    const refused = [await say(BERT, `confirm ${CODE}`, github), await say(BERT, "confirm k3v9z2")];
    desk.clock.advance(300_000);
    refused.push(await say(BERT, `confirm ${CODE}`));
    expect(new Set(refused.map(({ said }) => said))).to.deep.equal(
      new Set(["Nothing waits under that code: it is unknown, confirmed already, or too old."]),
    );
    expect(standIn.requests).to.deep.equal([]);
  });

  it("takes what is confirmed, by whom and how long from the settings", async () => {
    const rules = {
      ...RULES,
      groups: { ...RULES.groups, freeze: "ops" },
      confirmed: ["rotate" as const],
      confirmationSeconds: 1,
    };
    desk = aDesk(standIn.credential, { rules });
    expect(await say(CLEO, "freeze")).to.include({ outcome: "done" });
    expect(await say(CLEO, "rotate")).to.include({ outcome: "asked" });
  });

  it("says what there is to those who ask for something else, without their words", async () => {
    expect(await say(ANNA, "explode ghp_0123")).to.include({
      outcome: "refused",
      said: "That is no action of Jenkins. There are: status, rotate, revoke, freeze, unfreeze, delete, and confirm with a code.",
    });
    expect(await say(ANNA, "confirm")).to.include({ outcome: "refused" });
    expect(JSON.stringify(desk.entries)).not.to.include("ghp_");
  });

  it("says by name what a service's API cannot do, and why", async () => {
    expect((await say(ANNA, "rotate", travis)).said).to.match(/^Travis CI cannot rotate\. Travis CI's API gives .*\.$/);
  });

  it("lets one at a time at a credential", async () => {
    const replies = await Promise.all([say(ANNA, "rotate"), say(CLEO, "rotate")]);
    expect(replies.map(({ outcome }) => outcome)).to.have.members(["done", "failed"]);
    expect(replies.find(({ outcome }) => outcome === "failed")).to.include({
      failure: "busy",
      said: "Another request is changing the credential for Jenkins, or was interrupted less than a minute ago. Try again in a minute.",
    });
    expect(await say(CLEO, "rotate")).to.include({ outcome: "done" });
  });

  it("does nothing that cannot be written down", async () => {
    const trail = { add: () => Promise.reject(new Error("The table is away.")) };
    desk = aDesk(standIn.credential, { trail });
    await say(ANNA, "rotate").catch(() => undefined);
    expect(standIn.requests).to.deep.equal([]);
  });

  it("reports the result of an action although the lease cannot be released", async () => {
    const fault = new Error("The table is away.");
    const lease = { take: async () => () => Promise.reject(fault) };
    desk = aDesk(standIn.credential, { lease });
    expect(await say(ANNA, "rotate")).to.include({ outcome: "done" });
    expect([outcomes(), desk.faults]).to.deep.equal([["begun", "done"], [fault]]);
  });

  it("tells the operators what the schedule did", async () => {
    const task = { service: jenkins, action: "rotate", by: "schedule", deadline: desk.clock.now() + 20_000 } as const;
    await perform(desk.ports, task);
    standIn.fault = () => "down";
    await perform(desk.ports, task);
    expect(desk.announced).to.deep.equal([
      "jenkins rotate, asked for by the schedule: done. Jenkins has a new credential, and the old one is revoked.",
      "jenkins rotate, asked for by the schedule: failed. Jenkins cannot be reached (UND_ERR_SOCKET). The action may have taken effect, in part or in full. Ask for the status, or repeat the action.",
    ]);
  });

  it("tells the operators that a fault has interrupted an action, and rejects with its cause", async () => {
    const fault = new Error("The secret is away.");
    desk.secret.read = () => Promise.reject(fault);
    expect(await say(ANNA, "rotate").catch((caught) => caught.cause)).to.equal(fault);
    expect(desk.announced).to.deep.equal([
      "jenkins rotate, asked for by anna: failed. A fault of the chat itself interrupted the action, which may have taken effect. Ask for the status, or repeat the action.",
    ]);
    expect(desk.entries.at(-1)).to.include({ outcome: "failed", failure: "interrupted" });
  });

  it("says so if a fault has stopped an action before it began", async () => {
    const lease = { take: () => Promise.reject(new Error("The table is away.")) };
    desk = aDesk(standIn.credential, { lease });
    const said = "A fault of the chat itself stopped the action before it began. Repeat the action.";
    expect(await say(ANNA, "rotate").catch((caught) => caught.said)).to.equal(said);
    expect(standIn.requests).to.deep.equal([]);
  });

  it("leaves a code valid if the function fails before the action begins", async () => {
    await say(ANNA, "freeze");
    const { trail, confirmations } = desk.ports;
    const broken = { ...desk.ports, trail: { add: () => Promise.reject(new Error("The table is away.")) } };
    const request = { service: jenkins, person: BERT, data: `confirm ${CODE}`, deadline: desk.clock.now() + 20_000 };
    await hear(broken, request).catch(() => undefined);
    expect(await confirmations.get(CODE)).to.include({ action: "freeze" });
    expect(await hear({ ...broken, trail }, request)).to.include({ outcome: "done" });
  });
});
