import { expect } from "chai";
import { channels } from "../../../chat/use-cases/channels.ts";
import { aChat, frameSender } from "../../support/chat.ts";

const send = frameSender(channels, "channels");

describe("chat/use-cases/channels", () => {
  it("returns the lobby, then all other channels in alphabetical order", async () => {
    const chat = aChat();
    for (const name of ["ops", "dev", "lobby"]) await chat.channels.open(name);
    const { reply } = await send(chat, await chat.enter(), { id: "c-1" });
    expect(reply).to.deep.equal({ type: "channels", id: "c-1", channels: ["lobby", "dev", "ops"] });
  });

  it("returns the private channels of the sender only", async () => {
    const chat = aChat();
    for (const name of ["~ops", "~dev"]) await chat.channels.open(name);
    const anna = await chat.enter({ groups: [], memberships: [{ channel: "~ops", shard: 0 }] });
    expect((await send(chat, anna, {})).reply)
      .to.include({ type: "channels" })
      .and.deep.include({ channels: ["lobby", "~ops"] });
  });

  it("returns the channels of the sender, its name and the start of its connection, if requested", async () => {
    const chat = aChat();
    await chat.channels.open("dev");
    const memberships = ["~ops", "lobby"].map((channel) => ({ channel, shard: 0 }));
    const anna = await chat.enter({ user: "anna", groups: [], memberships });
    expect((await send(chat, anna, { mine: true, id: "c-1" })).reply).to.deep.equal({
      ...{ type: "channels", id: "c-1", channels: ["lobby", "~ops"], mine: true, user: "anna" },
      at: new Date(anna.connectedAt).toISOString(),
    });
    expect((await send(chat, anna, { mine: false })).reply).not.to.have.property("mine");
  });

  it("returns a page of a hundred, and a cursor to the next page", async () => {
    const chat = aChat();
    const names = Array.from({ length: 101 }, (_, index) => `c${String(index).padStart(3, "0")}`);
    for (const name of names) await chat.channels.open(name);
    const anna = await chat.enter();
    const { reply } = await send(chat, anna, {});
    expect(reply).to.deep.include({ channels: ["lobby", ...names.slice(0, 100)], cursor: names[99] });
    expect((await send(chat, anna, { cursor: names[99] })).reply).to.deep.equal({
      type: "channels",
      channels: names.slice(100),
    });
  });
});
