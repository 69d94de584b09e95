import { expect } from "chai";
import sinon from "sinon";
import { jsonLog } from "../../../benchmarks/harness/json-log.ts";

describe("benchmarks/harness/json-log", () => {
  it("writes one line of JSON for each call, with the fields that Lambda adds", () => {
    const write = sinon.stub(process.stdout, "write");
    try {
      jsonLog("request-1")({ route: "sendmessage" });
    } finally {
      write.restore();
    }
    const [[line]] = write.args as [[string]];
    const { timestamp, ...fields } = JSON.parse(line);
    expect(line).to.match(/^\{.*\}\n$/);
    expect(new Date(timestamp).toISOString()).to.equal(timestamp);
    expect(fields).to.deep.equal({ level: "INFO", requestId: "request-1", message: { route: "sendmessage" } });
  });
});
