import { HandClock } from "@serverless-chat/emulator/testing/hand-clock";
import { expect } from "chai";
import * as v from "valibot";
import { overFetch } from "../../aws/http/credential-api.ts";
import { client } from "../../chatops/client.ts";
import { hasFailed } from "../../chatops/failure.ts";
import type { HttpAnswer } from "../../chatops/http.ts";
import { type Answered, type StandIn, startStandIn } from "../support/chatops/stand-in.ts";

const GREETING: Answered = { status: 200, body: { hello: "world" } };
const Greeting = v.object({ hello: v.string() });
/** What Acme marks its errors with. */
const OWN = { "x-acme": "1" };
const TOKEN = "s3cr3t-t0ken";

describe("chatops/client", () => {
  let standIn: StandIn;
  let clock: HandClock;
  let waits: number[];
  beforeEach(async () => {
    standIn = await startStandIn([[/^GET \/$/, () => GREETING]], { status: 404 });
    clock = new HandClock();
    waits = [];
  });
  afterEach(() => standIn.stop());

  const ask = (seconds = 25) => {
    const pause = async (milliseconds: number) => {
      waits.push(milliseconds);
      clock.advance(milliseconds);
    };
    const deadline = clock.now() + seconds * 1000;
    const isOwnError = ({ header }: HttpAnswer) => header("x-acme") !== undefined;
    const own = { title: "Acme", isOwnError, credential: { token: TOKEN } };
    const ports = { ...own, http: overFetch, now: clock.now, pause, deadline };
    const headers = { authorization: `Bearer ${TOKEN}` };
    return client(ports).ask({ method: "GET", url: `${standIn.url}/`, headers }, Greeting);
  };
  const detail = async (seconds?: number): Promise<string> => {
    const answer = await ask(seconds);
    return hasFailed(answer) ? answer.failure.detail : "It did not fail.";
  };
  /** Answers the first requests so, and the rest as it should. */
  const first = (count: number, answered: Answered) => {
    standIn.fault = () => (standIn.requests.length <= count ? answered : undefined);
  };

  it("gives what is asked for, and nothing else of the answer", async () => {
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
  });

  it("waits as long as Retry-After says, and asks again", async () => {
    first(2, { status: 429, headers: { "retry-after": "7" } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(waits).to.deep.equal([7000, 7000]);
  });

  it("waits until GitHub's limit is reset", async () => {
    const reset = Math.ceil(clock.now() / 1000) + 5;
    first(1, { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(clock.now()).to.equal(reset * 1000);
  });

  it("does not wait beyond its deadline, and says when it is worth asking again", async () => {
    first(1, { status: 429, headers: { "retry-after": "60" } });
    expect(await detail()).to.equal(
      `Acme takes no more requests until ${new Date(clock.now() + 60_000).toISOString()}.`,
    );
    expect(waits).to.deep.equal([]);
  });

  it("reads a Retry-After that is a date", async () => {
    const again = Math.ceil(clock.now() / 1000) * 1000 + 3000;
    first(1, { status: 429, headers: { "retry-after": new Date(again).toUTCString() } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(clock.now()).to.equal(again);
  });

  it("says when a service that is out of order wants to be asked again, and does not ask", async () => {
    first(1, { status: 503, body: "<html>", headers: { "retry-after": "3" } });
    const again = new Date(clock.now() + 3000).toISOString();
    expect(await detail()).to.equal(`Acme is out of order until ${again} (503).`);
    expect(standIn.requests).to.have.length(1);
  });

  it("takes a limit without a time for one of a minute", async () => {
    first(1, { status: 429 });
    expect(await ask(61)).to.deep.equal({ value: { hello: "world" } });
    expect(waits).to.deep.equal([60_000]);
  });

  it("gives up after three tries", async () => {
    first(9, { status: 429, headers: { "retry-after": "1" } });
    expect(await detail()).to.include("takes no more requests");
    expect(standIn.requests).to.have.length(3);
  });

  it("takes a 403 without a limit's headers for a refusal", async () => {
    first(1, { status: 403, headers: OWN, body: { message: "Resource not accessible by integration" } });
    expect(await detail()).to.equal(
      "Acme does not let the credential do it (403: “Resource not accessible by integration”).",
    );
  });

  it("sends nothing when its time is over", async () => {
    expect(await detail(0)).to.equal("Acme did not answer in time.");
    expect(standIn.requests).to.deep.equal([]);
  });

  it("passes on what a service says, without the credential, nor anything that looks like one", async () => {
    const basic = Buffer.from(TOKEN).toString("base64");
    const body = { message: `Bad token ${TOKEN}\n(${basic}) ghp_0123456789abcdefghijklmnop` };
    first(1, { status: 401, headers: OWN, body });
    expect(await detail()).to.equal(
      "Acme does not take the credential (401: “Bad token [redacted] ([redacted]) [redacted]”).",
    );
  });

  for (const status of [401, 403, 404, 410]) {
    it(`draws no conclusion from a ${status} that is not the service's own`, async () => {
      first(1, { status, body: { message: "Forbidden" } });
      expect(await detail()).to.equal(
        `The answer ${status} does not have the form of Acme's errors, so nothing follows from it. Check the url in the secret, and any proxy or firewall on the way.`,
      );
    });
  }

  it("reads JSON only where the content type says so", async () => {
    first(1, { status: 200, body: '{"hello":"world"}' });
    expect(await detail()).to.include("no JSON");
  });

  it("does not quote what has the wrong shape", async () => {
    first(1, { status: 200, body: { hello: [TOKEN] } });
    expect(await detail()).to.equal("Acme answered something that its reference does not have (hello).");
  });
});
