import { expect } from "chai";
import { recorder } from "../../src/inspector/recording.ts";
import { start } from "../../src/start.ts";
import { type FixtureStack, fixtureStack, returning } from "../../src/testing/fixture-stack.ts";
import { replay } from "../../src/testing/replay.ts";
import { connect } from "../support/client.ts";
import { until } from "../support/until.ts";

/** Answers with ids of the invocation, and refuses clients without a token. */
const stack = (answer: string): FixtureStack => ({
  routes: {
    $connect: { code: returning("{ statusCode: event.queryStringParameters?.token ? 200 : 401 }") },
    $default: { code: returning(`{ statusCode: 200, body: JSON.stringify(${answer}) }`), routeResponse: true },
  },
});
const ANSWER = "{ id: context.awsRequestId, at: new Date().toISOString(), heard: event.body }";

/** A session of a client that sends two frames, of which the second has an id of the first answer. */
async function recorded(): Promise<string> {
  const lines: string[] = [];
  const record = recorder((line) => lines.push(line));
  const emulator = await start({
    stackDirectory: fixtureStack(stack(ANSWER)),
    observe: (event) => record(event, Date.now()),
  });
  await connect(emulator.url).catch(() => undefined);
  const client = await connect(`${emulator.url}?token=a`);
  client.send("one");
  const { id } = JSON.parse(await client.next());
  client.send({ after: id });
  await client.next();
  await client.close();
  await until(() => lines.some((line) => line.includes("client-close")));
  await emulator.stop();
  return lines.join("\n");
}

const OPTIONS = { settleMilliseconds: 0 };

async function replayed(recording: string, changed: FixtureStack) {
  const emulator = await start({ stackDirectory: fixtureStack(changed) });
  try {
    return await replay(emulator, recording, OPTIONS);
  } finally {
    await emulator.stop();
  }
}

describe("testing/replay", () => {
  let recording: string;
  before(async () => {
    recording = await recorded();
  });

  it("has no differences if the stack has not changed, although ids and times differ", async () => {
    expect(await replayed(recording, stack(ANSWER))).to.deep.equal({ frames: 2, differences: [] });
  });

  it("names the line, the connection and both frames if a handler has changed", async () => {
    const { differences } = await replayed(recording, stack(ANSWER.replace("heard:", "received:")));
    expect(differences.length).to.equal(2);
    expect(differences[0]).to.match(
      /^line 7, c2\n- \{"id":"<uuid 1>","at":"<time>","heard":"one"\}\n\+ \{"id":"[\da-f-]{36}","at":"<time>","received":"one"\}$/,
    );
  });

  it("reports a handshake that is refused now", async () => {
    const { routes } = stack(ANSWER);
    const refusing = { routes: { ...routes, $connect: { code: returning("{ statusCode: 403 }") } } };
    const { differences } = await replayed(recording, refusing);
    expect(differences.slice(0, 2)).to.deep.equal([
      "line 3, c1\n- refused with 401\n+ refused with 403",
      "line 5, c2\n- connected\n+ refused with 403",
    ]);
  });

  it("refuses a file that is not a recording", async () => {
    const emulator = { url: "ws://127.0.0.1:1/test", schedules: new Map() };
    const refusal = (text: string) => replay(emulator, text).catch(({ message }) => message);
    expect(await refusal('{"recording":2}')).to.match(/begins with the version 2\. Make a recording of version 1/);
    expect(await refusal('{"recording":1}\n{"at"')).to.match(/^Line 2 of the recording is not JSON\./);
    expect(await refusal('{"recording":1}\n{"at":0,"event":"client-frame","connection":"c1","text":""}')).to.equal(
      "Line 2 of the recording is about c1, which has not connected.",
    );
  });
});
