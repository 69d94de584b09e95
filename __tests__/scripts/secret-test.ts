import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { type Emulator, start } from "@serverless-chat/emulator";
import { expect } from "chai";
import { secretName } from "../../infra/names.ts";
import { secretsManagerAt } from "../../scripts/secret/flags.ts";
import { ENABLED } from "../support/environments.ts";
import { projectCopy } from "../support/project-copy.ts";
import { environment, synthesizedChat } from "../support/synthesized.ts";
import { piped } from "../support/terminal.ts";

const TOKEN = "CCIPAT_hunter2-hunter2-hunter2";
const CREDENTIAL = JSON.stringify({ token: TOKEN, project: "gh/acme/widgets" });

describe("scripts/secret", () => {
  let project: string;
  let emulator: Emulator;
  before(async () => {
    project = projectCopy({ environment: ENABLED });
    emulator = await start({ stackDirectory: synthesizedChat({ environment: ENABLED }) });
  });
  after(() => emulator.stop());

  const secret = async (input: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await piped({ cwd: project, script: "scripts/secret.ts" }, { input, flags });
    return { code, printed: stdout + stderr };
  };

  it("sets a secret from standard input and does not print it", async () => {
    const { code, printed } = await secret(CREDENTIAL, "circleci", "--endpoint", emulator.endpointUrl);
    expect({ code, printed }).to.deep.equal({
      code: 0,
      printed: 'chat-dev/circleci is set. To check it, send {"message":"circleci","data":"status"} in the chat.\n',
    });
    const client = secretsManagerAt({ region: environment.region, endpoint: emulator.endpointUrl });
    const command = new GetSecretValueCommand({ SecretId: secretName(environment, "circleci") });
    expect((await client.send(command)).SecretString).to.equal(CREDENTIAL);
    client.destroy();
  });

  for (const [what, input, flags, message] of [
    [
      "fields of the wrong type",
      JSON.stringify({ token: 1, project: TOKEN }),
      ["circleci"],
      /wrong or missing: token, project/,
    ],
    ["input that is not JSON", TOKEN, ["circleci"], /it is not a JSON object/],
    ["a secret among the arguments", CREDENTIAL, ["circleci", TOKEN], /Other users can see the arguments of a command/],
    [
      "a secret in place of the service",
      CREDENTIAL,
      [TOKEN],
      /The first argument must be one of github, circleci, travis, jenkins/,
    ],
    ["a secret in place of a flag", CREDENTIAL, ["circleci", `--${TOKEN}`], /Unknown flag/],
    [
      "an environment that has not enabled the service",
      CREDENTIAL,
      ["circleci", "--environment", "prod"],
      /"prod" has not enabled/,
    ],
    [
      "an endpoint on another machine",
      CREDENTIAL,
      ["circleci", "--endpoint", "http://aws.example.com"],
      /address on this machine/,
    ],
  ] as const) {
    it(`rejects ${what} and does not print the secret`, async () => {
      const { code, printed } = await secret(input, ...flags);
      expect(code).to.equal(1);
      expect(printed).to.match(message).and.not.include("hunter2");
    });
  }
});
