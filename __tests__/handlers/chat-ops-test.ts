import "../support/function-environment.ts";
import { expect } from "chai";
import * as v from "valibot";
import { fail } from "../../chatops/failure.ts";
import type { Service } from "../../chatops/service.ts";
import { answer, rotate } from "../../handlers/chat-ops.ts";
import { aConnection } from "../support/builders.ts";
import { aChat } from "../support/chat.ts";
import { aDesk, type Desk } from "../support/chatops/desk.ts";
import { rejection } from "../support/rejection.ts";

/** A service that says how it is, and fails to rotate. */
const acme: Service = {
  key: "acme",
  title: "Acme",
  credential: v.object({ token: v.string() }),
  isOwnError: () => true,
  actions: {
    status: { does: "", endpoints: [], reference: "", needs: "", run: async () => ({ value: "It is well." }) },
    rotate: {
      does: "",
      endpoints: [],
      reference: "",
      needs: "",
      replaced: () => undefined,
      revoke: async () => ({ value: undefined }),
      make: async () => fail("broken", "Acme is out of order."),
      prove: async () => ({ value: undefined }),
      recover: async () => ({ value: {} }),
    },
    revoke: { absent: "Acme has nothing to revoke" },
    freeze: { absent: "Acme stops nothing" },
    unfreeze: { absent: "Acme stops nothing" },
    delete: { absent: "Acme deletes nothing" },
  },
};

const DEADLINE = Number.MAX_SAFE_INTEGER;

describe("handlers/chat-ops", () => {
  const portsOf = (desk: Desk) => ({ ...aChat(), service: () => acme, chatOps: () => desk.ports });
  const askedBy = (groups: readonly string[], data: string, desk = aDesk({ token: "t" })) => {
    const connected = aConnection({ user: "anna", groups });
    return answer(portsOf(desk), { connected, route: "acme", frame: { id: "c-1", data }, deadline: DEADLINE });
  };
  const scheduled = (desk: Desk) => rotate(portsOf(desk), { task: { action: "rotate" }, deadline: DEADLINE });

  it("acknowledges with what the service says, under the client's id", async () => {
    expect(await askedBy(["ops"], "status")).to.deep.equal({
      reply: { type: "ack", request: "acme", id: "c-1", detail: "It is well." },
      facts: { outcome: "done", failure: undefined, by: "anna" },
    });
  });

  it("refuses who is in no group, such as a guest", async () => {
    const { refusal } = await askedBy([], "status");
    expect(refusal).to.deep.equal({
      code: "service-refused",
      detail:
        "This requires one of the groups ops, ops-admin. Ask whoever manages groups at your sign-in to add you, then connect again.",
    });
  });

  it("says what failed, and has its code for the log", async () => {
    const { refusal, facts } = await askedBy(["ops"], "rotate");
    expect(refusal).to.deep.equal({ code: "service-failed", detail: "Acme is out of order." });
    expect(facts).to.deep.equal({ outcome: "failed", failure: "broken", by: "anna" });
  });

  it("throws where the schedule's rotation failed, so that Lambda tries again", async () => {
    expect(await rejection(scheduled(aDesk({ token: "t" })))).to.include("is not rotated: broken");
  });

  it("takes a secret that nobody has set yet for no reason to try again", async () => {
    expect(await scheduled(aDesk())).to.deep.equal({ outcome: "failed", failure: "unusable-secret" });
  });
});
