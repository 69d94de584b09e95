import { expect } from "chai";
import { compare, type Month } from "../../../benchmarks/costs/compare.ts";
import { monthOf, unitsOf } from "../../../benchmarks/costs/work.ts";

const load = { connections: 1_000, hoursPerDay: 2, daysPerMonth: 30, messagesPerDay: 10, audience: 1_000 };

const quantity = ({ lines }: Month, item: string): number => lines.find((line) => line.item === item)?.quantity ?? 0;

describe("benchmarks/costs/compare", () => {
  it("compares the same messages and connections", async () => {
    const { chat, textbook } = await compare(load);
    for (const item of ["messages", "connection minutes"])
      expect(quantity(chat, item)).to.equal(quantity(textbook, item));
    expect(quantity(chat, "messages")).to.equal(monthOf(load).messages);
  });

  it("uses the measured units of each route", async () => {
    const { chat } = await compare(load);
    const [send, connect] = [unitsOf({ route: "sendmessage" }, 1_000), unitsOf({ route: "$connect" }, 1_000)];
    const disconnect = unitsOf({ route: "$disconnect", case: "in 1 channel" }, 10);
    const { sent, handshakes } = monthOf(load);
    expect(quantity(chat, "write units")).to.equal(
      sent * send.writes + handshakes * (connect.writes + disconnect.writes),
    );
    expect(quantity(chat, "read units")).to.equal(sent * send.reads + handshakes * (connect.reads + disconnect.reads));
  });

  it("shows more compute and a later last delivery for the textbook", async () => {
    const { chat, textbook } = await compare(load);
    expect(quantity(textbook, "GB-seconds")).to.be.above(3 * quantity(chat, "GB-seconds"));
    expect(textbook.lastSeconds).to.be.above(3 * chat.lastSeconds);
  });

  it("invokes one more function for each additional shard", async () => {
    const perMessage = async (audience: number) => {
      const { chat } = await compare({ ...load, connections: audience, audience });
      const { sent, handshakes } = monthOf({ ...load, connections: audience, audience });
      return (quantity(chat, "requests") - 2 * handshakes) / sent;
    };
    expect([await perMessage(1_000), await perMessage(4_000)]).to.deep.equal([1, 8]);
  });
});
