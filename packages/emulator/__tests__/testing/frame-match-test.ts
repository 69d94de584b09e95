import { expect } from "chai";
import { FrameMatch } from "../../src/testing/frame-match.ts";

const [A, B, C] = ["01K2WZ5V0J3T8M4N6P7Q9R1S2A", "01K2WZ5V0J3T8M4N6P7Q9R1S2B", "01K2WZ5V0J3T8M4N6P7Q9R1S2C"];

describe("testing/frame-match", () => {
  it("matches an id with any id of its kind at first, and only with that one later", () => {
    const match = new FrameMatch();
    expect(match.matches(`{"id":"${A}"}`, `{"id":"${B}"}`)).to.equal(true);
    expect(match.matches(`again ${A}`, `again ${B}`)).to.equal(true);
    expect(match.matches(`again ${A}`, `again ${C}`)).to.equal(false);
    expect(match.matches(`other ${C}`, `other ${B}`)).to.equal(false);
  });

  it("requires that equal ids of a frame stay equal, and that different ones stay different", () => {
    const match = new FrameMatch();
    expect(match.couldMatch(`${A} ${A}`, `${B} ${C}`)).to.equal(false);
    expect(match.couldMatch(`${A} ${B}`, `${C} ${C}`)).to.equal(false);
  });

  it("matches any times, but not an id with a time", () => {
    const match = new FrameMatch();
    expect(match.matches("2026-11-28T01:14:08.123Z 1795830294408", "2027-01-01T00:00:00Z 1895830294408")).to.equal(
      true,
    );
    expect(match.matches("at 1795830294408", `at ${A}`)).to.equal(false);
  });

  it("compares values of another pattern like ids", () => {
    const match = new FrameMatch(/guest-\w+/);
    expect(match.matches("guest-a joined", "guest-b joined")).to.equal(true);
    expect(match.matches("guest-a left", "guest-c left")).to.equal(false);
    expect(match.describeRecorded("guest-a")).to.equal("<own 1>");
  });

  it("compares everything else exactly", () => {
    expect(new FrameMatch().matches('{"a":1}', '{"a":2}')).to.equal(false);
  });

  it("translates known ids in a frame to send, and describes frames by placeholders", () => {
    const match = new FrameMatch();
    match.matches(`id ${A}`, `id ${B}`);
    expect(match.translate(`after ${A}, not ${C}`)).to.equal(`after ${B}, not ${C}`);
    expect(match.describeRecorded(`${A} and ${C}`)).to.equal("<ulid 1> and <ulid 2>");
    expect(match.describeReceived(`${B} and ${C}`)).to.equal(`<ulid 1> and ${C}`);
  });
});
