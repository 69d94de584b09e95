import { expect } from "chai";
import { disconnect } from "../../../chat/use-cases/disconnect.ts";
import { aConnection } from "../../support/builders.ts";
import { aChat, LOBBY_AND_OPS } from "../../support/chat.ts";

describe("chat/use-cases/disconnect", () => {
  it("removes everything that is stored about a connection, and notifies its channels", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: LOBBY_AND_OPS });
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    await chat.names.claim("anna", anna);

    await disconnect(chat, anna.id);

    expect(chat.size()).to.equal(3);
    expect(chat.received(listener)).to.deep.equal([
      { type: "left", channel: "lobby", user: "anna" },
      { type: "left", channel: "ops", user: "anna" },
    ]);
  });

  it("hands over channels whose audience it cannot read, and returns the fault", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    const pages = () => {
      throw new Error("The table is away.");
    };
    const outcome = await disconnect({ ...chat, members: { ...chat.members, pages } }, anna.id);
    expect(outcome).to.deep.equal({ departuresHandedOver: 2, departureFault: "Error: The table is away." });
    expect(chat.departureTasks).to.have.length(1);
    expect(chat.size()).to.equal(0);
  });

  it("does nothing for a connection that is not stored", async () => {
    expect(await disconnect(aChat(), aConnection().id)).to.deep.equal({});
  });
});
