import { expect } from "chai";
import { colorOf, initialOf } from "../../../web/model/avatar.ts";
import { channelTitle, isChannelName, isPrivate, toChannelName } from "../../../web/model/channel-name.ts";
import { continues, dayTitle } from "../../../web/model/dates.ts";

const NOON = new Date(2026, 10, 27, 12).getTime();
const MINUTE = 60_000;
const DAY = 86_400_000;

describe("what the page shows", () => {
  it("shows a private channel without what makes its name unique", () => {
    expect(channelTitle("~plans-albpmlboir8cs5r4")).to.equal("plans");
    expect(isPrivate("~plans-albpmlboir8cs5r4")).to.equal(true);
    expect(channelTitle("release-notes")).to.equal("release-notes");
  });

  it("corrects what people type as the name of a channel", () => {
    expect(toChannelName(" #Ops Team ")).to.equal("ops-team");
    expect(isChannelName(toChannelName("Ops Team"))).to.equal(true);
    expect(isChannelName(toChannelName("¿Qué?"))).to.equal(false);
  });

  it("shows days by their names", () => {
    expect(dayTitle(NOON, NOON)).to.equal("Today");
    expect(dayTitle(NOON - DAY, NOON)).to.equal("Yesterday");
    expect(dayTitle(NOON - 2 * DAY, NOON)).to.include("25");
    expect(dayTitle(NOON - 400 * DAY, NOON)).to.include("2025");
  });

  it("groups messages of one author within five minutes of a day", () => {
    const sent = (from: string, at: number) => ({ from, at, isProgram: false });
    expect(continues(sent("anna", NOON), sent("anna", NOON + MINUTE))).to.equal(true);
    expect(continues(sent("anna", NOON), sent("ben", NOON + MINUTE))).to.equal(false);
    expect(continues(sent("anna", NOON), sent("anna", NOON + 6 * MINUTE))).to.equal(false);
    expect(continues(sent("anna", NOON), { ...sent("anna", NOON), isProgram: true }), "a program").to.equal(false);
    expect(continues(undefined, sent("anna", NOON))).to.equal(false);
    const midnight = new Date(2026, 10, 28).getTime();
    expect(continues(sent("anna", midnight - MINUTE), sent("anna", midnight))).to.equal(false);
  });

  it("gives a name the same color and letter every time", () => {
    expect(initialOf("anna")).to.equal("A");
    expect(initialOf("guest-95yc7k")).to.equal("9");
    expect(initialOf("🦊 fox")).to.equal("🦊");
    expect(colorOf("anna")).to.equal(colorOf("anna"));
    for (const name of ["anna", "ben", "🦊", ""]) expect(colorOf(name)).to.be.within(0, 7);
  });
});
