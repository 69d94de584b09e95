import { expect } from "chai";
import { jenkins } from "../../../chatops/jenkins/jenkins.ts";
import { perform } from "../../../chatops/perform.ts";
import { aDesk } from "../../support/chatops/desk.ts";
import { startJenkins } from "../../support/chatops/jenkins.ts";

describe("chatops/jenkins/rotation", () => {
  it("reports that a token still works if the uuid in the secret belongs to another token", async () => {
    const standIn = await startJenkins();
    const desk = aDesk({ ...standIn.credential, uuid: "c510e26c-b2e8-4021-bf79-81d1e4c112af" });
    const task = { service: jenkins, action: "rotate", by: "schedule", deadline: desk.clock.now() + 5_000 } as const;
    const reply = await perform(desk.ports, task);
    await standIn.stop();
    expect(reply).to.include({
      outcome: "failed",
      said: "The old token still works: the uuid in the secret belongs to another token.",
    });
    expect(standIn.works(desk.secret.stages.current ?? {})).to.equal(true);
  });
});
