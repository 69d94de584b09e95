import { expect } from "chai";
import sinon from "sinon";
import { readMarkers } from "../../../aws/table/read-markers.ts";
import { RETENTION_DAYS } from "../../support/memory.ts";

describe("aws/table/read-markers", () => {
  it("counts at most three pages, and reports that there can be unread messages after them", async () => {
    const send = sinon.stub().resolves({ Count: 0, LastEvaluatedKey: { pk: { S: "ops" }, sk: { S: "last" } } });
    const { count } = readMarkers({ name: "table", send }, { now: Date.now, retentionDays: RETENTION_DAYS });
    expect(await count({ user: "anna", channel: "ops" })).to.deep.equal({ count: 0, more: true });
    expect(send.callCount).to.equal(3);
    expect(send.lastCall.args[1]).to.have.property("ExclusiveStartKey");
  });
});
