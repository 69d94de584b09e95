import "../support/function-environment.ts";
import { expect } from "chai";
import { disconnect } from "../../handlers/disconnect.ts";
import { aConnection, NOBODY } from "../support/builders.ts";
import { aChat, LOBBY_AND_OPS } from "../support/chat.ts";

const leaving = (connection: { id: string; connectedAt: number }) => ({
  connection,
  route: "$disconnect",
  body: "",
  deadline: Number.POSITIVE_INFINITY,
  headers: {},
  caller: NOBODY,
});

describe("handlers/disconnect", () => {
  it("removes all that is stored about a connection, and tells its channels", async () => {
    const chat = aChat();
    const listener = await chat.enter({ protocol: "chat.v1", memberships: LOBBY_AND_OPS });
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    await chat.names.claim("anna", anna);

    await disconnect(chat, leaving(anna));

    expect(chat.size()).to.equal(3);
    expect(chat.heard(listener)).to.deep.equal([
      { type: "left", channel: "lobby", user: "anna" },
      { type: "left", channel: "ops", user: "anna" },
    ]);
  });

  it("leaves the channels to the worker whose audience it cannot read, and logs the fault", async () => {
    const chat = aChat();
    const anna = await chat.enter({ user: "anna", memberships: LOBBY_AND_OPS });
    const pages = () => {
      throw new Error("The table is away.");
    };
    const outcome = await disconnect({ ...chat, members: { ...chat.members, pages } }, leaving(anna));
    expect(outcome.facts).to.deep.equal({ farewellsHandedOver: 2, farewellFault: "Error: The table is away." });
    expect(chat.farewellTasks).to.have.length(1);
    expect(chat.size()).to.equal(0);
  });

  it("is harmless when there is nothing", async () => {
    expect(await disconnect(aChat(), leaving(aConnection()))).to.deep.equal({});
  });
});
