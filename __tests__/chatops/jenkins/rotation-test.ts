import { expect } from "chai";
import { jenkins } from "../../../chatops/jenkins/jenkins.ts";
import { perform } from "../../../chatops/perform.ts";
import { aDesk } from "../../support/chatops/desk.ts";
import { startJenkins } from "../../support/chatops/jenkins.ts";

describe("chatops/jenkins/rotation", () => {
  it("does not take a token for revoked that still works, because the secret has another one's uuid", async () => {
    const standIn = await startJenkins();
    const desk = aDesk({ ...standIn.credential, uuid: "c510e26c-b2e8-4021-bf79-81d1e4c112af" });
    const task = { service: jenkins, action: "rotate", by: "schedule", deadline: desk.clock.now() + 5_000 } as const;
    const reply = await perform(desk.ports, task);
    await standIn.stop();
    expect(reply).to.include({
      outcome: "failed",
      said: "The old token still works: its uuid in the secret is not its own.",
    });
    expect(standIn.works(desk.secret.stages.current ?? {})).to.equal(true);
  });
});
