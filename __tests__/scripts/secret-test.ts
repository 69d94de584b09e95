import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { type Emulator, start } from "@serverless-chat/emulator";
import { expect } from "chai";
import { secretName } from "../../infra/names.ts";
import { clientAt } from "../../scripts/secret/client.ts";
import { ENABLED } from "../support/chatops/enabled.ts";
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
    return { code, said: stdout + stderr };
  };

  it("sets a secret from its input, and shows nothing of it", async () => {
    const { code, said } = await secret(CREDENTIAL, "circleci", "--endpoint", emulator.endpointUrl);
    expect({ code, said }).to.deep.equal({
      code: 0,
      said: 'chat-dev/circleci is set. Say {"message":"circleci","data":"status"} in the chat.\n',
    });
    const client = clientAt({ region: environment.region, endpoint: emulator.endpointUrl });
    const command = new GetSecretValueCommand({ SecretId: secretName(environment, "circleci") });
    expect((await client.send(command)).SecretString).to.equal(CREDENTIAL);
    client.destroy();
  });

  for (const [what, input, flags, message] of [
    [
      "what the service does not need",
      JSON.stringify({ token: 1, project: TOKEN }),
      ["circleci"],
      /wrong or missing: token, project/,
    ],
    ["what is no JSON", TOKEN, ["circleci"], /it is no JSON object/],
    ["a secret among the arguments", CREDENTIAL, ["circleci", TOKEN], /arguments are seen by others/],
    [
      "a secret in the place of the service",
      CREDENTIAL,
      [TOKEN],
      /Name one service, of github, circleci, travis, jenkins/,
    ],
    ["a secret in the place of a flag", CREDENTIAL, ["circleci", `--${TOKEN}`], /a flag that is not known/],
    [
      "an environment that has not enabled it",
      CREDENTIAL,
      ["circleci", "--environment", "prod"],
      /"prod" has not enabled/,
    ],
    [
      "an address of another machine",
      CREDENTIAL,
      ["circleci", "--endpoint", "http://aws.example.com"],
      /address of this machine/,
    ],
  ] as const) {
    it(`refuses ${what}, and does not say it again`, async () => {
      const { code, said } = await secret(input, ...flags);
      expect(code).to.equal(1);
      expect(said).to.match(message).and.not.include("hunter2");
    });
  }
});
