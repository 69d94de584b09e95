import { expect } from "chai";
import * as v from "valibot";
import { isFrame, sampleFrame } from "../../../benchmarks/cold-start/events.ts";
import { clientFrames } from "../../../chat/protocol/client-frames.ts";

describe("benchmarks/cold-start/events", () => {
  it("has a valid frame for every route that takes frames, with the required fields only", () => {
    for (const route of Object.keys(clientFrames)) {
      if (!isFrame(route)) throw new Error(`"${route}" is not a route with frames.`);
      const { message, ...fields } = sampleFrame(route);
      expect(message).to.equal(route);
      expect(v.is<v.GenericSchema>(clientFrames[route], fields), route).to.equal(true);
    }
    expect(sampleFrame("channels")).to.deep.equal({ message: "channels" });
    expect(sampleFrame("sendmessage")).to.deep.equal({ message: "sendmessage", data: "hello" });
  });

  it("does not take API Gateway's own routes for frames", () => {
    expect(isFrame("$default")).to.equal(false);
  });
});
