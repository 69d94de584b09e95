import { expect } from "chai";
import { connect } from "../../handlers/connect.ts";
import { disconnect } from "../../handlers/disconnect.ts";
import { aConnection, NOON } from "../support/builders.ts";
import { memoryStore } from "../support/memory.ts";

describe("handlers/disconnect", () => {
  it("removes all that $connect stored", async () => {
    const store = memoryStore(() => NOON);
    const request = { connection: aConnection(), body: "" };
    await connect(store, { ...request, route: "$connect" });

    await disconnect(store, { ...request, route: "$disconnect" });

    expect(store.size()).to.equal(0);
  });

  it("is harmless when there is nothing", async () => {
    const store = memoryStore(() => NOON);
    expect(await disconnect(store, { connection: aConnection(), route: "$disconnect", body: "" })).to.deep.equal({});
  });
});
