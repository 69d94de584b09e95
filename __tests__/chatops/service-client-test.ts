import { ManualClock } from "@serverless-chat/emulator/testing/manual-clock";
import { expect } from "chai";
import * as v from "valibot";
import { fetchHttp } from "../../aws/http/fetch.ts";
import { hasFailed } from "../../chatops/failure.ts";
import type { HttpResponse } from "../../chatops/http.ts";
import { serviceClient } from "../../chatops/service-client.ts";
import { type Answered, type StandIn, startStandIn } from "../support/chatops/stand-in.ts";

const GREETING: Answered = { status: 200, body: { hello: "world" } };
const Greeting = v.object({ hello: v.string() });
/** The header that identifies Acme's own errors. */
const SERVICE_HEADER = { "x-acme": "1" };
const TOKEN = "s3cr3t-t0ken";

describe("chatops/service-client", () => {
  let standIn: StandIn;
  let clock: ManualClock;
  let waits: number[];
  beforeEach(async () => {
    standIn = await startStandIn([[/^GET \/$/, () => GREETING]], { status: 404 });
    clock = new ManualClock();
    waits = [];
  });
  afterEach(() => standIn.stop());

  const ask = (seconds = 25) => {
    const pause = async (milliseconds: number) => {
      waits.push(milliseconds);
      clock.advance(milliseconds);
    };
    const deadline = clock.now() + seconds * 1000;
    const isOwnError = ({ header }: HttpResponse) => header("x-acme") !== undefined;
    const own = { title: "Acme", isOwnError, credential: { token: TOKEN } };
    const ports = { ...own, http: fetchHttp, now: clock.now, pause, deadline };
    const headers = { authorization: `Bearer ${TOKEN}` };
    return serviceClient(ports).expectJson({ method: "GET", url: `${standIn.url}/`, headers }, Greeting);
  };
  const detail = async (seconds?: number): Promise<string> => {
    const answer = await ask(seconds);
    return hasFailed(answer) ? answer.failure.detail : "It did not fail.";
  };
  /** Sends this response to the first requests, and the regular one to the others. */
  const first = (count: number, answered: Answered) => {
    standIn.fault = () => (standIn.requests.length <= count ? answered : undefined);
  };

  it("returns the fields of the schema, and nothing else", async () => {
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
  });

  it("waits for the time in Retry-After, and retries", async () => {
    first(2, { status: 429, headers: { "retry-after": "7" } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(waits).to.deep.equal([7000, 7000]);
  });

  it("waits until the time in x-ratelimit-reset", async () => {
    const reset = Math.ceil(clock.now() / 1000) + 5;
    first(1, { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(clock.now()).to.equal(reset * 1000);
  });

  it("does not wait beyond its deadline, and reports when the limit ends", async () => {
    first(1, { status: 429, headers: { "retry-after": "60" } });
    expect(await detail()).to.equal(
      `Acme accepts no more requests until ${new Date(clock.now() + 60_000).toISOString()}.`,
    );
    expect(waits).to.deep.equal([]);
  });

  it("reads a Retry-After that is a date", async () => {
    const again = Math.ceil(clock.now() / 1000) * 1000 + 3000;
    first(1, { status: 429, headers: { "retry-after": new Date(again).toUTCString() } });
    expect(await ask()).to.deep.equal({ value: { hello: "world" } });
    expect(clock.now()).to.equal(again);
  });

  it("reports the Retry-After of an unavailable service, and does not retry", async () => {
    first(1, { status: 503, body: "<html>", headers: { "retry-after": "3" } });
    const again = new Date(clock.now() + 3000).toISOString();
    expect(await detail()).to.equal(`Acme is unavailable until ${again} (503).`);
    expect(standIn.requests).to.have.length(1);
  });

  it("waits a minute if a 429 does not say when to retry", async () => {
    first(1, { status: 429 });
    expect(await ask(61)).to.deep.equal({ value: { hello: "world" } });
    expect(waits).to.deep.equal([60_000]);
  });

  it("gives up after three attempts", async () => {
    first(9, { status: 429, headers: { "retry-after": "1" } });
    expect(await detail()).to.include("accepts no more requests");
    expect(standIn.requests).to.have.length(3);
  });

  it("reports a 403 without rate limit headers as a refusal", async () => {
    first(1, { status: 403, headers: SERVICE_HEADER, body: { message: "Resource not accessible by integration" } });
    expect(await detail()).to.equal(
      "The credential has no permission for this at Acme (403: “Resource not accessible by integration”).",
    );
  });

  it("sends no request after the deadline", async () => {
    expect(await detail(0)).to.equal("Acme did not respond in time.");
    expect(standIn.requests).to.deep.equal([]);
  });

  it("quotes the service's message without the credential, and without anything that looks like a token", async () => {
    const basic = Buffer.from(TOKEN).toString("base64");
    const body = { message: `Bad token ${TOKEN}\n(${basic}) ghp_0123456789abcdefghijklmnop` };
    first(1, { status: 401, headers: SERVICE_HEADER, body });
    expect(await detail()).to.equal(
      "Acme rejected the credential (401: “Bad token [redacted] ([redacted]) [redacted]”).",
    );
  });

  for (const status of [401, 403, 404, 410]) {
    it(`ignores a ${status} that is not in the format of the service's errors`, async () => {
      first(1, { status, body: { message: "Forbidden" } });
      expect(await detail()).to.equal(
        `A response with status ${status} does not have the format of Acme's errors, so it was ignored. Check the url in the secret, and any proxy or firewall in between.`,
      );
    });
  }

  it("reads JSON only if the content type is JSON", async () => {
    first(1, { status: 200, body: '{"hello":"world"}' });
    expect(await detail()).to.include("the body is not JSON");
  });

  it("does not read a response of more than 1 MB", async () => {
    first(1, { status: 200, body: "x".repeat(1_100_000) });
    expect(await detail()).to.equal("The response does not have the format of Acme's API: it is longer than 1 MB.");
  });

  it("does not quote an invalid value", async () => {
    first(1, { status: 200, body: { hello: [TOKEN] } });
    expect(await detail()).to.equal(
      "The response does not have the format of Acme's API: the field hello is missing or invalid.",
    );
  });
});
