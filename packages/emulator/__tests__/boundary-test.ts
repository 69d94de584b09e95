import { expect } from "chai";
import { type Emulator, type EmulatorOptions, start } from "../src/start.ts";
import { type FixtureRoute, fixtureStack, reference, returning } from "../src/testing/fixture-stack.ts";
import { connect } from "./support/client.ts";

const echo = { code: returning("{ statusCode: 200, body: event.body.slice(0, 30) }"), routeResponse: true };

const nested = (levels: number, [open, close] = ["[", "]"]): string => open.repeat(levels) + close.repeat(levels);

/** What no client and no function may do: end the process. Mocha fails a test during which an error is uncaught. */
describe("boundary", () => {
  let emulator: Emulator | undefined;
  const reports: string[] = [];

  async function play(
    routes: Readonly<Record<string, FixtureRoute>>,
    resources: object = {},
    options: Partial<EmulatorOptions> = {},
  ): Promise<Emulator> {
    reports.length = 0;
    const log: EmulatorOptions["log"] = ({ source, message }) => {
      if (source === "emulator") reports.push(String(message));
    };
    emulator = await start({ stackDirectory: fixtureStack({ routes, resources }), log, ...options });
    return emulator;
  }

  afterEach(async () => {
    await emulator?.stop();
    emulator = undefined;
  });

  for (const levels of [4_000, 16_000]) {
    it(`routes a message whose key is a list of ${levels} levels to $default`, async () => {
      const { url } = await play({ $default: echo });
      const client = await connect(url);
      client.send(`{"message":${nested(levels)}}`);
      expect(await client.next()).to.equal(`{"message":${"[".repeat(19)}`);
      client.send(`{"message":${nested(2_000, ['{"a":', "}"]).replace("}", "1}")}}`);
      expect(await client.next()).to.match(/^\{"message":\{"a":/);
      await client.close();
      expect(reports).to.deep.equal([]);
    });
  }

  it("answers with an error frame if a mapping template fails, and reports why", async () => {
    const integration = {
      integration_type: "MOCK",
      integration_uri: undefined,
      template_selection_expression: "\\$default",
      request_templates: { $default: "$util.parseJson($input.path('$.text'))" },
    };
    const response = {
      api_id: reference("aws_apigatewayv2_api.api.id"),
      integration_id: reference("aws_apigatewayv2_integration.say.id"),
      integration_response_key: "$default",
    };
    const routes = { say: { code: "", integration, routeResponse: true }, $default: echo };
    const { url } = await play(routes, { aws_apigatewayv2_integration_response: { say: response } });
    const client = await connect(url);
    client.send({ message: "say", text: "not JSON" });
    expect(await client.next()).to.match(/^\{"message": "Internal server error", /);
    client.send("still there");
    expect(await client.next()).to.equal("still there");
    await client.close();
    expect(reports).to.have.length(1);
    expect(reports[0]).to.match(/^The integration of the route say failed: .*JSON/);
  });

  it("survives each line that a function logs", async () => {
    const lines = [
      `{"a":${nested(9_000)}}`,
      '{"_aws":{"CloudWatchMetrics":[{}]}}',
      '{"_aws":{"CloudWatchMetrics":[{"Metrics":[null]}]}}',
    ];
    const code = `process.stdout.write(${JSON.stringify(`${lines.join("\n")}\n`)});\n${echo.code}`;
    const logged: string[] = [];
    const log: EmulatorOptions["log"] = ({ message }) => logged.push(JSON.stringify(message));
    const { url } = await play({ $default: { ...echo, code } }, {}, { log });
    const client = await connect(url);
    client.send("a");
    expect(await client.next()).to.equal("a");
    while (logged.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    await client.close();
    expect(logged).to.deep.equal([
      '"A log entry could not be written. Maximum call stack size exceeded"',
      ...lines.slice(1),
    ]);
  });

  it("reports once that the access log cannot be written, and how many lines are lost", async () => {
    let isFull = true;
    const written: string[] = [];
    const logAccess = (line: string) => {
      if (isFull) throw new Error("ENOSPC: no space left on device, write");
      written.push(line);
    };
    const accessLog = {
      access_log_settings: {
        destination_arn: "arn:aws:logs:eu-west-2:000000000000:log-group:a",
        format: "$context.requestId $context.eventType",
      },
    };
    const stackDirectory = fixtureStack({ routes: { $default: echo }, stage: accessLog });
    const { url } = await play({}, {}, { stackDirectory, logAccess });
    const client = await connect(url);
    for (const text of ["a", "b"]) {
      client.send(text);
      expect(await client.next()).to.equal(text);
    }
    isFull = false;
    client.send("c");
    expect(await client.next()).to.equal("c");
    await client.close();
    expect(written[0]).to.match(/ MESSAGE$/);
    expect(reports).to.deep.equal([
      "The access log cannot be written, and its lines are lost. ENOSPC: no space left on device, write",
      "The access log can be written again. 3 of its lines are lost.",
    ]);
  });

  it("reports an event that is nested too deep for a function, which then still runs", async () => {
    const { endpointUrl } = await play({ $default: echo }, {}, { iam: false });
    const invoke = async (body: string) =>
      (await fetch(`${endpointUrl}/2015-03-31/functions/_default/invocations`, { method: "POST", body })).json();
    expect(await invoke(nested(100_000))).to.have.property("errorType", "InvalidRequestContentException");
    expect(await invoke('{"body":"a"}')).to.deep.equal({ statusCode: 200, body: "a" });
  });
});
