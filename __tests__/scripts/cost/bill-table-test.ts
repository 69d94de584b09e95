import { expect } from "chai";
import { billTable } from "../../../scripts/cost/bill-table.ts";

const month = (dollars: number) => ({
  lines: [{ service: "API Gateway", item: "messages", quantity: 1_500_000, dollars }],
  dollars,
  lastSeconds: 1.25,
});
const load = { connections: 10, hoursPerDay: 1, daysPerMonth: 30, messagesPerDay: 2, audience: 10 };

describe("scripts/cost/bill-table", () => {
  it("shows both designs next to each other, and the load", () => {
    const text = billTable(load, { chat: month(1.5), textbook: month(1_234.5) });
    expect(text).to.contain("10 connections, 1 hours a day on 30 days a month.");
    expect(text).to.contain("| API Gateway | messages | 1,500,000 | $1.50 | 1,500,000 | $1,234.50 |");
    expect(text).to.contain("| all |  |  | $1.50 |  | $1,234.50 |");
    expect(text).to.match(/Prices of \d{4}-\d\d-\d\d in us-east-1/);
  });

  it("leaves out the delivery time if no messages are sent", () => {
    const text = billTable({ ...load, messagesPerDay: 0 }, { chat: month(0), textbook: month(0) });
    expect(text).to.not.contain("1.3 s");
  });
});
