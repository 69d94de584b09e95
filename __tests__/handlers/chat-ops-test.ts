import "../support/function-environment.ts";
import { rejection } from "@serverless-chat/emulator/testing/rejection";
import { expect } from "chai";
import * as v from "valibot";
import { fail } from "../../chatops/failure.ts";
import type { Service } from "../../chatops/service.ts";
import { answer, rotate } from "../../handlers/chat-ops.ts";
import { aConnection } from "../support/builders.ts";
import { aChat } from "../support/chat.ts";
import { aDesk, type Desk } from "../support/chatops/desk.ts";

/** A service whose status works and whose rotation fails. */
const acme: Service = {
  key: "acme",
  title: "Acme",
  credential: v.object({ token: v.string() }),
  isOwnError: () => true,
  actions: {
    status: { does: "", endpoints: [], reference: "", needs: "", run: async () => ({ value: "The token works." }) },
    rotate: {
      does: "",
      endpoints: [],
      reference: "",
      needs: "",
      replaced: () => undefined,
      revoke: async () => ({ value: undefined }),
      make: async () => fail("broken", "Acme is unavailable."),
      prove: async () => ({ value: undefined }),
      recover: async () => ({ value: {} }),
    },
    revoke: { unsupported: "Acme's API cannot revoke tokens" },
    freeze: { unsupported: "Acme's API cannot freeze" },
    unfreeze: { unsupported: "Acme's API cannot freeze" },
    delete: { unsupported: "Acme's API cannot delete" },
  },
};

const DEADLINE = Number.MAX_SAFE_INTEGER;

describe("handlers/chat-ops", () => {
  const portsOf = (desk: Desk) => ({ ...aChat(), service: () => acme, chatOps: () => desk.ports });
  const askedBy = (groups: readonly string[], data: string, desk = aDesk({ token: "t" })) => {
    const connected = aConnection({ user: "anna", groups });
    const request = { connected, route: "acme", frame: { id: "c-1", data }, receivedAt: 0, deadline: DEADLINE };
    return answer(portsOf(desk), request);
  };
  const scheduled = (desk: Desk) => rotate(portsOf(desk), { task: { action: "rotate" }, deadline: DEADLINE });

  it("acknowledges with the service's result and the client's id", async () => {
    expect(await askedBy(["ops"], "status")).to.deep.equal({
      reply: { type: "ack", request: "acme", id: "c-1", detail: "The token works." },
      facts: { outcome: "done", failure: undefined, by: "anna" },
    });
  });

  it("refuses a user without any group, such as a guest", async () => {
    const { refusal } = await askedBy([], "status");
    expect(refusal).to.deep.equal({
      code: "service-refused",
      detail:
        "Chat-ops requires one of these groups: ops, ops-admin. Ask an administrator of your sign-in provider to add you to one, then reconnect.",
    });
  });

  it("reports what failed, and logs the failure code", async () => {
    const { refusal, facts } = await askedBy(["ops"], "rotate");
    expect(refusal).to.deep.equal({ code: "service-failed", detail: "Acme is unavailable." });
    expect(facts).to.deep.equal({ outcome: "failed", failure: "broken", by: "anna" });
  });

  it("throws if a scheduled rotation fails, so that Lambda retries it", async () => {
    expect(await rejection(scheduled(aDesk({ token: "t" })))).to.include("was not rotated: broken");
  });

  it("does not retry a scheduled rotation if the secret is not set yet", async () => {
    expect(await scheduled(aDesk())).to.deep.equal({ outcome: "failed", failure: "unusable-secret" });
  });
});
